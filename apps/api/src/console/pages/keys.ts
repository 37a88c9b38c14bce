/** /dashboard/keys: the tenant's keys, but for those that were made with a batch. What is sealed is never read here. */
import { createHash } from 'node:crypto'
import { idSchema } from '@csr-foundry/native-api'
import { deleteKey, type KeyRecord, listKeysFrom, writeAuditEntry } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { cursorOf, fromCursor } from '../../dialects/native/cursor.ts'
import { requireRole } from '../../guards.ts'
import { keyInUse, keyNotFound } from '../../key-errors.ts'
import type { Env, Services } from '../../services.ts'
import { confirmForm } from '../forms.ts'
import { answerPage } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { ago, none } from '../parts/figures.ts'
import { type Column, empty, older, table } from '../parts/table.ts'

const path = '/dashboard/keys'
const perPage = 50

const choices = { all: 'All', used: 'In use', unused: 'Not in use' } as const
type Which = keyof typeof choices

export const keysPage = ({ redis }: Services) =>
  new Hono<Env>()
    .get('/', requireRole('read'), async (c) => {
      const { cursor, which: asked = 'all' } = c.req.query()
      const which = Object.hasOwn(choices, asked) ? (asked as Which) : 'all'
      const before = cursor === undefined ? undefined : fromCursor(cursor, idSchema)
      const place = c.get('place')
      const { keys, next } = await listKeysFrom(redis, place, {
        ...{ which, limit: perPage },
        ...(before !== undefined && { before }),
      })
      // As GET /v1/keys: whoever sees keys is noted.
      await writeAuditEntry(redis, place, { action: 'key.list', ids: keys.map(({ id }) => id) })
      return answerPage(c, page(c, { which, keys, next: next && cursorOf(next) }))
    })
    .post('/:id/delete', requireRole('submit'), async (c) => {
      const id = c.req.param('id')
      const outcome = idSchema.safeParse(id).success
        ? await deleteKey(redis, c.get('place'), id)
        : 'unknown'
      if (outcome === 'unknown') throw keyNotFound(id)
      if (outcome === 'in_use') throw keyInUse(id)
      return c.redirect(withNotice(path, 'key-deleted'), 303)
    })

type Shown = {
  readonly which: Which
  readonly keys: readonly KeyRecord[]
  readonly next: string | undefined
}

const page = (c: Context<Env>, { which, keys, next }: Shown) => ({
  title: 'Keys',
  main: html`${noticeOf(c)}<p class="muted">Imported keys, and those of single requests. The keys of a batch are found by its requests.</p>
<nav class="choices" aria-label="Which keys"><ul>${Object.entries(choices).map(
    ([one, title]) =>
      html`<li><a href="${path}${one === 'all' ? '' : `?which=${one}`}"${one === which ? html` aria-current="true"` : ''}>${title}</a></li>`,
  )}</ul></nav>
${keys.length === 0 ? nothing(which) : table('Keys, newest first', columnsFor(c), keys)}
${next && older(path, { which, cursor: next })}`,
})

const nothing = (which: Which) =>
  which === 'all'
    ? empty(
        'No keys yet.',
        html`A request makes one. One of your own is imported by <a href="/docs#/native/importKey">POST /v1/keys</a>, or <code>csrctl key import</code>.`,
      )
    : empty('No such key.', html`<a href="${path}">Show all</a>.`)

function columnsFor(c: Context<Env>): readonly Column<KeyRecord>[] {
  return [
    { title: 'Key', cell: ({ id }) => html`<code>${id}</code>` },
    { title: 'Name', cell: ({ name }) => html`<span class="name">${name ?? none}</span>` },
    { title: 'Algorithm', cell: ({ algorithm }) => algorithm },
    { title: 'Custody', cell: ({ custody }) => custody },
    { title: 'Origin', cell: ({ origin }) => origin },
    { title: 'In use', cell: ({ inUse }) => (inUse ? 'yes' : 'no') },
    { title: 'SHA-256 of the public key', cell: fingerprint },
    { title: 'Made', cell: ({ created }) => ago(created) },
    ...(c.get('principal').roles.includes('submit') ? [destroyColumn(c)] : []),
  ]
}

function fingerprint({ spki }: KeyRecord) {
  const digest = createHash('sha256').update(spki).digest('hex')
  return html`<code title="${digest}">${digest.slice(0, 16)}…</code>`
}

const destroyColumn = (c: Context<Env>): Column<KeyRecord> => ({
  title: 'Destroy',
  of: 'acts',
  cell: ({ id, inUse }) =>
    inUse
      ? ''
      : confirmForm(c, `${path}/${id}/delete`, {
          ...{ label: 'Destroy…', kind: 'danger', act: `Destroy key ${id}` },
          question: 'It is gone for good, from here and from every later backup.',
        }),
})
