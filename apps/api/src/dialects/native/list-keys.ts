/** GET /v1/keys: imported keys and those of single requests, newest first. */
import { idSchema, keyListQuery, keyListView } from '@csr-foundry/native-api'
import { listKeysFrom, writeAuditEntry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { cursorOf, fromCursor } from './cursor.ts'
import { importedKey } from './examples.ts'
import { keyView } from './key-view.ts'

export const listKeys = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listKeys', {
      summary: 'List keys',
      description: 'Imported keys and those of single requests, newest first.',
      role: 'read',
      query: keyListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(keyListView, { 'One key': { keys: [importedKey] } }),
        },
      },
      errors: ['storage_full'],
    }),
    async (c) => {
      const { inUse, cursor, limit } = c.req.valid('query')
      const before = cursor === undefined ? undefined : fromCursor(cursor, idSchema)
      const { keys, next } = await listKeysFrom(redis, c.get('place'), {
        which: whichKeys(inUse),
        ...(before !== undefined && { before }),
        limit,
      })
      const ids = keys.map(({ id }) => id)
      await writeAuditEntry(redis, c.get('place'), { action: 'key.list', ids })
      return c.json({
        keys: keys.map(keyView),
        ...(next !== undefined && { next: cursorOf(next) }),
      })
    },
  )

function whichKeys(inUse: boolean | undefined) {
  if (inUse === undefined) return 'all'
  return inUse ? 'used' : 'unused'
}
