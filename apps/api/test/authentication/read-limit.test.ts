import { expect, test } from 'vitest'
import { startApi } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi({ readsPerMinute: 3 })

const statuses = async (path: string, authorization: string, times: number) => {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    all.push((await api.call(path, { headers: { authorization } })).status)
  }
  return all
}

test('a principal reads so often a minute, and takes nothing from the others nor from what it may write', async () => {
  const [one, another] = [await api.bearer(['read', 'submit']), await api.bearer(['read'])]
  expect(await statuses('/v1/policy', one, 4)).toEqual([200, 200, 200, 429])
  expect(await statuses('/v1/policy', another, 1)).toEqual([200])
  const write = await api.call('/v1/requests/99', {
    method: 'DELETE',
    headers: { authorization: one },
  })
  expect(write.status).toBe(404)
})

test.each([
  ['/v1/requests', 'application/problem+json', { code: 'reads_throttled' }],
  ['/certificatePolicy', 'application/json', { messages: [{ id: 'CSRF0209W' }] }],
  [
    '/tls/private_keys',
    'application/vnd.api+json',
    { errors: [{ code: 'reads_throttled', status: '429' }] },
  ],
])('%s refuses in the shape of its dialect, with Retry-After', async (path, type, body) => {
  const authorization = await api.bearer(['read'])
  await statuses(path, authorization, 3)
  const refused = await api.call(path, { headers: { authorization } })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toBe(type)
  const retryAfter = Number(refused.headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThan(55)
  expect(retryAfter).toBeLessThanOrEqual(60)
  expect(await refused.json()).toMatchObject(body)
})

test('a process counts by itself, and 0 limits nothing', async () => {
  await using other = await startApi({ redisUrl: api.redisUrl })
  const authorization = await api.bearer(['read'])
  await statuses('/v1/policy', authorization, 3)
  for (let i = 0; i < 5; i++) {
    const response = await other.call('/v1/policy', { headers: { authorization } })
    expect(response.status).toBe(200)
  }
})

test('a held call is one read', async () => {
  await using holding = await startApi({ readsPerMinute: 2 })
  const { answer } = await holding.create({ CommonName: 'held' })
  const path = `/v1/requests/${answer.response?.path}`
  const authorization = await holding.bearer(['read'])
  const headers = { authorization, prefer: 'wait=1' }
  for (const status of [200, 200, 429]) {
    expect((await holding.call(path, { headers })).status).toBe(status)
  }
})
