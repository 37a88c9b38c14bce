/** GET /tls/private_keys: imported keys and those that were made for single requests, the newest first, by numbered pages. */
import { listKeys } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { answer } from './json-api.ts'
import { pageNumber, pageSize, parameters } from './pages.ts'
import { privateKeyResource } from './private-key-resource.ts'

const querySchema = z.strictObject({
  'filter[in_use]': z.literal('false', 'must be false, or left out').optional(),
  'page[number]': pageNumber,
  'page[size]': pageSize,
})

type Query = z.output<typeof querySchema>

export const listPrivateKeys = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('read'), query(querySchema), async (c) => {
    const asked = c.req.valid('query')
    const { 'page[number]': number, 'page[size]': limit } = asked
    const { keys, total } = await listKeys(redis, c.get('place'), {
      which: asked['filter[in_use]'] === undefined ? 'all' : 'unused',
      page: { offset: (number - 1) * limit, limit },
    })
    const pages = Math.ceil(total / limit)
    return answer(c, {
      data: keys.map(privateKeyResource),
      links: linksOf(asked, Math.max(1, pages)),
      meta: { record_count: total, current_page: number, per_page: limit, total_pages: pages },
    })
  })

function linksOf(asked: Query, last: number) {
  const number = asked['page[number]']
  const to = (page: number) => `/tls/private_keys?${parameters({ ...asked, 'page[number]': page })}`
  return {
    first: to(1),
    last: to(last),
    prev: number > 1 ? to(Math.min(number - 1, last)) : null,
    next: number < last ? to(number + 1) : null,
  }
}
