/** DELETE /certificateSigningRequest?path=1, and the same by segment: removes the request, its CSR and the key made for it. */
import { deleteRequest, type TenantPlace } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { pathParameters, query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { done } from './messages.ts'
import { pathId } from './path-id.ts'

export const deleteCsr = (services: Services) =>
  new Hono<Env>()
    .delete('/', requireRole('submit'), query(z.strictObject({ path: pathId })), async (c) => {
      await remove(services, c.get('place'), c.req.valid('query').path)
      return c.json(done)
    })
    .delete(
      '/:path',
      requireRole('submit'),
      pathParameters(z.object({ path: pathId })),
      query(z.strictObject({})),
      async (c) => {
        await remove(services, c.get('place'), c.req.valid('param').path)
        return c.json(done)
      },
    )

async function remove({ redis }: Services, place: TenantPlace, path: string): Promise<void> {
  if (await deleteRequest(redis, place, path)) return
  throw new ServiceError('path_not_found', { detail: `The path ${path} is not valid.` })
}
