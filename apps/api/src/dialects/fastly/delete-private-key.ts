/** DELETE /tls/private_keys/{id}: destroys a private key, unless a request that is not deleted points at it. */
import { deleteKey } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import { keyInUse } from '../../key-errors.ts'
import type { Env, Services } from '../../services.ts'
import { idOf } from './resource-id.ts'

export const deletePrivateKey = ({ redis }: Services) =>
  new Hono<Env>().delete('/:id', requireRole('submit'), query(z.strictObject({})), async (c) => {
    const id = idOf(c, 'key_not_found')
    const outcome = await deleteKey(redis, c.get('place'), id)
    if (outcome === 'unknown') throw new ServiceError('key_not_found')
    if (outcome === 'in_use') throw keyInUse(id)
    return c.body(null, 204)
  })
