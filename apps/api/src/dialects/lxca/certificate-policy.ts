/** GET and PUT /certificatePolicy: which keys CSRs get. DEFAULT: RSA 2048 with SHA-256. CNSA: RSA 3072 with SHA-384. */
import { changePolicy, lxcaSpecs, readPolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { countAtOnce } from '../../authentication/count-at-once.ts'
import { jsonBodyOf, jsonOf, objectError } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { success, successView } from './messages.ts'

const bodySchema = z.strictObject(
  {
    specName: z.enum(lxcaSpecs, {
      error: ({ input }) =>
        `${input === undefined ? 'is missing' : 'is not valid'}; allowed are ${lxcaSpecs.join(', ')}`,
    }),
  },
  { error: objectError },
)

const view = successView(z.object({ specName: z.enum(lxcaSpecs) })).meta({
  id: 'LxcaCertificatePolicy',
})

const example = { 'The usual policy': success({ specName: 'DEFAULT' }) }

export const certificatePolicy = (services: Services) =>
  new Hono<Env>()
    .get(
      '/',
      operation('getCertificatePolicy', {
        summary: 'Show which keys CSRs get',
        role: 'read',
        answers: { 200: { description: 'The policy.', body: jsonOf(view, example) } },
      }),
      async (c) => {
        const { lxcaSpec } = await readPolicy(services.redis, c.get('place').tenant)
        return c.json(success({ specName: lxcaSpec }))
      },
    )
    .put(
      '/',
      countAtOnce(services),
      operation('putCertificatePolicy', {
        summary: 'Say which keys CSRs get',
        description: 'DEFAULT: RSA 2048 with SHA-256. CNSA: RSA 3072 with SHA-384.',
        role: 'admin',
        body: jsonBodyOf(bodySchema, { 'The usual policy': { specName: 'DEFAULT' } }),
        answers: { 200: { description: 'The policy as it is now.', body: jsonOf(view, example) } },
      }),
      async (c) => {
        const { specName } = c.req.valid('json')
        await changePolicy(services.redis, c.get('place'), { lxcaSpec: specName })
        return c.json(success({ specName }))
      },
    )
