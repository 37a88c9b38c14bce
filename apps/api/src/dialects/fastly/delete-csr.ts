/** DELETE /tls/certificate_signing_requests/{id}: removes the request and its CSR. Its key stays until it is deleted itself. */
import { deleteRequest } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { idOf } from './resource-id.ts'

export const deleteCsr = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deleteCsr', {
      summary: 'Delete a CSR',
      description: 'Its key stays until it is deleted itself.',
      role: 'submit',
      answers: { 204: { description: 'It is deleted.' } },
      errors: ['path_not_found'],
    }),
    async (c) => {
      const id = idOf(c, 'path_not_found')
      if (await deleteRequest(redis, c.get('place'), id)) return c.body(null, 204)
      throw new ServiceError('path_not_found')
    },
  )
