/** GET /v1/audit: who did what, newest first. Who reads it is in it as well. */
import { auditListQuery, auditListView } from '@csr-foundry/native-api'
import { readAudit, writeAuditEntry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { auditList } from './examples.ts'

export const listAudit = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listAudit', {
      summary: 'Read the audit',
      description:
        'Entries of the tenant, newest first: who did what, from where, to what, and how it ended. Each reading leaves an entry.',
      role: 'audit',
      query: auditListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the `before` of the one after it.',
          body: jsonOf(auditListView, { 'One entry': auditList }),
        },
      },
      errors: ['storage_full'],
    }),
    async (c) => {
      const place = c.get('place')
      // First, so that nothing is read that was not noted.
      await writeAuditEntry(redis, place, { action: 'audit.read' })
      const { entries, next } = await readAudit(redis, place, c.req.valid('query'))
      const views = entries.map(({ id, actor, ...entry }) => ({
        id,
        time: new Date(Number(id.split('-')[0])).toISOString(),
        ...{ by: actor.by, from: actor.from },
        ...(actor.call !== undefined && { requestId: actor.call }),
        ...entry,
      }))
      return c.json({ entries: views, ...(next !== undefined && { next }) })
    },
  )
