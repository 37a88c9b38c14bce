/** GET /tls/private_keys/{id}: what is public of a private key. */
import { readKey } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { answer } from './json-api.ts'
import { privateKeyResource } from './private-key-resource.ts'
import { idOf } from './resource-id.ts'

export const getPrivateKey = ({ redis }: Services) =>
  new Hono<Env>().get('/:id', requireRole('read'), query(z.strictObject({})), async (c) => {
    const key = await readKey(redis, c.get('place'), idOf(c, 'key_not_found'))
    if (!key) throw new ServiceError('key_not_found')
    return answer(c, { data: privateKeyResource(key) })
  })
