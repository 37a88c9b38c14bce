/** GET and PUT /certificatePolicy: which keys CSRs get. DEFAULT: RSA 2048 with SHA-256. CNSA: RSA 3072 with SHA-384. */
import { changePolicy, lxcaSpecs, readPolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { jsonBody, objectError, query, requireJson } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { success } from './messages.ts'

const bodySchema = z.strictObject(
  {
    specName: z.enum(lxcaSpecs, {
      error: ({ input }) =>
        `${input === undefined ? 'is missing' : 'is not valid'}; allowed are ${lxcaSpecs.join(', ')}`,
    }),
  },
  { error: objectError },
)

export const certificatePolicy = (services: Services) =>
  new Hono<Env>()
    .get('/', requireRole('read'), query(z.strictObject({})), async (c) => {
      const { lxcaSpec } = await readPolicy(services.redis, c.get('place').tenant)
      return c.json(success({ specName: lxcaSpec }))
    })
    .put(
      '/',
      requireRole('admin'),
      query(z.strictObject({})),
      requireJson,
      jsonBody(bodySchema),
      async (c) => {
        const { tenant } = c.get('place')
        const { specName } = c.req.valid('json')
        await changePolicy(services.redis, tenant, { lxcaSpec: specName })
        return c.json(success({ specName }))
      },
    )
