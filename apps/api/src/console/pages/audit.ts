/** /dashboard/audit: who did what, newest first. Who reads it is in it as well. */
import { auditListQuery } from '@csr-foundry/native-api'
import { type AuditEntry, readAudit, writeAuditEntry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { parseQuery } from '../forms.ts'
import { answerPage } from '../layout.ts'
import { exactly, none, numberText } from '../parts/figures.ts'
import { type Column, older, table } from '../parts/table.ts'

const path = '/dashboard/audit'
const perPage = '50'
/** An entry of a batch names all of its requests; so many are shown. */
const mostIds = 5

export const auditPage = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('audit'), async (c) => {
    const { before } = c.req.query()
    const asked = parseQuery(auditListQuery, { before, limit: perPage })
    const place = c.get('place')
    // First, so that nothing is read that was not noted.
    await writeAuditEntry(redis, place, { action: 'audit.read' })
    const { entries, next } = await readAudit(redis, place, asked)
    return answerPage(c, {
      title: 'Audit',
      main: html`<p class="muted">What was done in your tenant. Each reading of it, this one as well, leaves an entry. <code>csrctl audit verify</code> proves that nothing was taken away or changed.</p>
${table('Entries of the audit, newest first', columns, entries)}${next && older(path, { before: next })}`,
    })
  })

const columns: readonly Column<AuditEntry>[] = [
  { title: 'When', cell: ({ id }) => exactly(Number(id.split('-')[0])) },
  { title: 'Who', cell: ({ actor }) => html`<span class="whole">${actor.by}</span>` },
  { title: 'From', cell: ({ actor }) => html`<span class="whole">${actor.from || none}</span>` },
  { title: 'Action', cell: ({ action }) => html`<code>${action}</code>` },
  { title: 'What', cell: ({ ids }) => idsText(ids) },
  { title: 'Outcome', cell: ({ outcome }) => outcome },
]

function idsText(ids: readonly string[]) {
  if (ids.length === 0) return none
  const shown =
    ids.length <= mostIds
      ? ids.join(', ')
      : `${ids[0]} … ${ids.at(-1)}, ${numberText(ids.length)} in all`
  return html`<span class="name">${shown}</span>`
}
