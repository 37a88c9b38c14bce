/** GET /v1/audit/seal: the newest seal of the audit, to be kept outside the service. */
import { auditSeal } from '@csr-foundry/native-api'
import { readNewestSeal, writeAuditEntry } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { exampleSeal } from './examples.ts'

export const getAuditSeal = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/seal',
    operation('getAuditSeal', {
      summary: 'Get the newest seal of the audit',
      description:
        'Kept outside the service, it shows later whether anything of what it covers was changed or is gone: `POST /v1/audit/verify` takes it.',
      role: 'audit',
      answers: {
        200: { description: 'The seal.', body: jsonOf(auditSeal, { 'A seal': exampleSeal }) },
      },
      errors: ['seal_not_found', 'storage_full'],
    }),
    async (c) => {
      const place = c.get('place')
      await writeAuditEntry(redis, place, { action: 'audit.read', ids: ['seal'] })
      const newest = await readNewestSeal(redis, place)
      if (!newest) throw new ServiceError('seal_not_found')
      return c.json(JSON.parse(newest.seal))
    },
  )
