/** GET /v1/keys: imported keys and those of single requests, newest first. */
import { idSchema, keyListQuery } from '@csr-foundry/native-api'
import { listKeysFrom } from '@csr-foundry/records'
import { Hono } from 'hono'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { cursorOf, fromCursor } from './cursor.ts'
import { keyView } from './key-view.ts'

export const listKeys = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('read'), query(keyListQuery), async (c) => {
    const { inUse, cursor, limit } = c.req.valid('query')
    const before = cursor === undefined ? undefined : fromCursor(cursor, idSchema)
    const { keys, next } = await listKeysFrom(redis, c.get('place'), {
      which: whichKeys(inUse),
      ...(before !== undefined && { before }),
      limit,
    })
    return c.json({
      keys: keys.map(keyView),
      ...(next !== undefined && { next: cursorOf(next) }),
    })
  })

function whichKeys(inUse: boolean | undefined) {
  if (inUse === undefined) return 'all'
  return inUse ? 'used' : 'unused'
}
