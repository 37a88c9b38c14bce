/** DELETE /certificateSigningRequest?path=1, and the same by segment: removes the request, its CSR and the key made for it. */
import { type ActingPlace, deleteRequest } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { type OperationFacts, operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { done, doneView } from './messages.ts'
import { pathId } from './path-id.ts'

const facts: OperationFacts = {
  summary: 'Delete a CSR',
  description: 'With the key that was made for it.',
  role: 'submit',
  answers: { 200: { description: 'It is deleted.', body: jsonOf(doneView, { Done: done }) } },
  errors: ['path_not_found'],
}

export const deleteCsr = (services: Services) =>
  new Hono<Env>()
    .delete(
      '/',
      operation('deleteCsr', { ...facts, query: z.strictObject({ path: pathId }) }),
      async (c) => {
        await remove(services, c.get('place'), c.req.valid('query').path)
        return c.json(done)
      },
    )
    .delete(
      '/:path',
      operation('deleteCsrByPath', { ...facts, params: z.object({ path: pathId }) }),
      async (c) => {
        await remove(services, c.get('place'), c.req.valid('param').path)
        return c.json(done)
      },
    )

async function remove({ redis }: Services, place: ActingPlace, path: string): Promise<void> {
  if (await deleteRequest(redis, place, path)) return
  throw new ServiceError('path_not_found', { detail: `The path ${path} is not valid.` })
}
