/** /dashboard/overview/dead-lots: lots that were set aside, since two workers died with each. */
import { deadLotId } from '@csr-foundry/native-api'
import { type DeadLot, listDeadLots } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { cursorOf, fromCursor } from '../../dialects/native/cursor.ts'
import { retryDeadLot } from '../../dialects/native/ops/acts.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { confirmForm } from '../forms.ts'
import { answerPage } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { ago, numberText } from '../parts/figures.ts'
import { type Column, empty, older, table } from '../parts/table.ts'

const path = '/dashboard/overview/dead-lots'
const limit = 50
const point = z.strictObject({ shard: z.int().min(0), offset: z.int().min(0) })

export const deadLotsPage = (services: Services) =>
  new Hono<Env>()
    .use('/dead-lots/*', requireRole('operate'))
    .get('/dead-lots', async (c) => {
      const cursor = c.req.query('cursor')
      const from = cursor === undefined ? {} : { from: fromCursor(cursor, point) }
      const { redis, shards } = services
      const { deadLots, next } = await listDeadLots(redis, shards, { ...from, limit })
      return answerPage(c, {
        title: 'Dead lots',
        above: [{ title: 'Overview', path: '/dashboard/overview' }],
        main: html`${noticeOf(c)}${deadLots.length === 0 ? nothing : table('Dead lots', columnsFor(c), deadLots)}${next && older(path, { cursor: cursorOf(next) })}`,
      })
    })
    .post('/dead-lots/:id/retry', async (c) => {
      const id = c.req.param('id')
      if (!deadLotId.safeParse(id).success) throw new ServiceError('dead_lot_not_found')
      await retryDeadLot(services, c.get('place'), id)
      return c.redirect(withNotice(path, 'lot-retried'), 303)
    })

const nothing = empty(
  'No dead lots.',
  'A lot that two workers have died with is set aside and named here.',
)

const columnsFor = (c: Context<Env>): readonly Column<DeadLot>[] => [
  { title: 'Lot', cell: ({ id }) => html`<code>${id}</code>` },
  { title: 'Lane', cell: ({ lane }) => lane },
  { title: 'Tenant', cell: ({ tenant }) => html`<span class="name">${tenant}</span>` },
  { title: 'Request', cell: ({ path: id }) => id },
  { title: 'Starts', of: 'numbers', cell: ({ starts }) => numberText(starts) },
  { title: 'Handed in', cell: ({ created }) => ago(created) },
  { title: 'Died', cell: ({ died }) => ago(died) },
  {
    title: 'Retry',
    of: 'acts',
    cell: ({ id }) =>
      confirmForm(c, `${path}/${id}/retry`, {
        ...{ label: 'Retry…', act: 'Retry it' },
        question: 'Its request is queued again. It may kill two workers more.',
      }),
  },
]
