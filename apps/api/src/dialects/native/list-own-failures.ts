/** GET /v1/failures: what has failed in the caller's tenant, by code. */
import { ownFailuresView } from '@csr-foundry/native-api'
import { readFailures } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { ownFailures as example } from './examples.ts'

export const listOwnFailures = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listOwnFailures', {
      summary: 'Tell what has failed in the tenant, by code',
      description: 'The newest 2,048 failed requests are looked at.',
      role: 'read',
      answers: {
        200: {
          description: 'The most frequent code first.',
          body: jsonOf(ownFailuresView, { 'One code': example }),
        },
      },
    }),
    async (c) => {
      const { failed, looked, groups } = await readFailures(redis, c.get('place'))
      const own = groups.map(({ code, count, tenants }) => ({
        ...{ code, count },
        newest: tenants.flatMap(({ newest }) => newest),
      }))
      return c.json({ failed, looked, groups: own })
    },
  )
