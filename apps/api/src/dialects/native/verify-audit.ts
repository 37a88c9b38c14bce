/** POST /v1/audit/verify: a worker goes through the whole audit of the tenant and says what was changed, moved, removed or cut. */
import { auditReport, verifyAuditBody } from '@csr-foundry/native-api'
import { type AuditReport, newErrandId } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import { runErrand } from '../../run-errand.ts'
import type { Env, Services } from '../../services.ts'
import { exampleReport } from './examples.ts'

export const verifyAudit = (services: Services) =>
  new Hono<Env>().post(
    '/verify',
    operation('verifyAudit', {
      summary: 'Verify the audit',
      description:
        'Holds every entry against its seal, and all of them against a seal that the caller has kept, if he sends one. What was removed together with its seals is found only with such a seal.',
      role: 'audit',
      body: jsonBodyOf(verifyAuditBody, { 'Without a seal': {} }),
      answers: {
        200: {
          description: 'What was found; no `findings`: it is whole.',
          body: jsonOf(auditReport, { 'It is whole': exampleReport }),
        },
      },
      errors: ['errands_throttled', 'errand_not_done'],
    }),
    async (c) => {
      const { seal } = c.req.valid('json')
      const input = JSON.stringify(seal === undefined ? {} : { seal: JSON.stringify(seal) })
      const errand = { kind: 'verify', id: newErrandId(), about: '', input } as const
      return c.json(reportView(await runErrand(services, c, errand)))
    },
  )

/** The worker gives the text of a seal, as it was signed; whoever keeps it wants JSON. */
function reportView(result: string) {
  const { tenant: _, newest, ...report } = JSON.parse(result) as AuditReport
  return { ...report, seal: newest === null ? null : JSON.parse(newest) }
}
