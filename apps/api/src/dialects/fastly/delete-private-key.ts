/** DELETE /tls/private_keys/{id}: destroys a private key, unless a request that is not deleted points at it. */
import { deleteKey } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { keyInUse } from '../../key-errors.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { idOf } from './resource-id.ts'

export const deletePrivateKey = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deletePrivateKey', {
      summary: 'Destroy a private key',
      description: 'While a request that is not deleted points at it, it stays.',
      role: 'submit',
      answers: { 204: { description: 'It is destroyed.' } },
      errors: ['key_not_found', 'key_in_use'],
    }),
    async (c) => {
      const id = idOf(c, 'key_not_found')
      const outcome = await deleteKey(redis, c.get('place'), id)
      if (outcome === 'unknown') throw new ServiceError('key_not_found')
      if (outcome === 'in_use') throw keyInUse(id)
      return c.body(null, 204)
    },
  )
