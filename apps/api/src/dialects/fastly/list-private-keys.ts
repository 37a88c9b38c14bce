/** GET /tls/private_keys: imported keys and those that were made for single requests, the newest first, by numbered pages. */
import { listKeys, writeAuditEntry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { examplePrivateKeyDocument } from './examples.ts'
import { answer, jsonApiOf } from './json-api.ts'
import { pageNumber, pageSize, parameters } from './pages.ts'
import { privateKeyResource, privateKeyView } from './private-key-resource.ts'

const querySchema = z.strictObject({
  'filter[in_use]': z.literal('false', 'must be false, or left out').optional(),
  'page[number]': pageNumber,
  'page[size]': pageSize,
})

const listView = z.object({
  data: z.array(privateKeyView),
  links: z.object({
    first: z.string(),
    last: z.string(),
    prev: z.string().nullable(),
    next: z.string().nullable(),
  }),
  meta: z.object({
    record_count: z.int(),
    current_page: z.int(),
    per_page: z.int(),
    total_pages: z.int(),
  }),
})

const onlyPage = '/tls/private_keys?page%5Bnumber%5D=1&page%5Bsize%5D=20'

const example = {
  data: [examplePrivateKeyDocument.data],
  links: { first: onlyPage, last: onlyPage, prev: null, next: null },
  meta: { record_count: 1, current_page: 1, per_page: 20, total_pages: 1 },
}

type Query = z.output<typeof querySchema>

export const listPrivateKeys = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listPrivateKeys', {
      summary: 'List private keys',
      description: 'Imported ones and those made for single requests, the newest first.',
      role: 'read',
      query: querySchema,
      answers: {
        200: {
          description: 'A page of the list.',
          body: jsonApiOf(listView, { 'One key': example }),
        },
      },
      errors: ['storage_full'],
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const { 'page[number]': number, 'page[size]': limit } = asked
      const { keys, total } = await listKeys(redis, c.get('place'), {
        which: asked['filter[in_use]'] === undefined ? 'all' : 'unused',
        page: { offset: (number - 1) * limit, limit },
      })
      const ids = keys.map(({ id }) => id)
      await writeAuditEntry(redis, c.get('place'), { action: 'key.list', ids })
      const pages = Math.ceil(total / limit)
      return answer(c, {
        data: keys.map(privateKeyResource),
        links: linksOf(asked, Math.max(1, pages)),
        meta: { record_count: total, current_page: number, per_page: limit, total_pages: pages },
      })
    },
  )

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
