/** GET /v1/keys/{id}: a key without its private half. */
import { idSchema, keyView as view } from '@csr-foundry/native-api'
import { readKey, writeAuditEntry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { keyNotFound } from '../../key-errors.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { importedKey } from './examples.ts'
import { keyView } from './key-view.ts'

export const getKey = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getKey', {
      summary: 'Show a key',
      role: 'read',
      params: z.object({ id: idSchema }),
      answers: {
        200: {
          description: 'The key without its private half.',
          body: jsonOf(view, { 'An imported key': importedKey }),
        },
      },
      errors: ['key_not_found', 'storage_full'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const key = await readKey(redis, c.get('place'), id)
      if (!key) throw keyNotFound(id)
      await writeAuditEntry(redis, c.get('place'), { action: 'key.read', ids: [id] })
      return c.json(keyView(key))
    },
  )
