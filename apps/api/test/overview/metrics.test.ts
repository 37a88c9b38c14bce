import { setTimeout as delay } from 'node:timers/promises'
import { connectRedis } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { edge, post } from '../dialects/native/native-calls.ts'
import { password } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi()

async function metrics(): Promise<string> {
  const response = await api.call('/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
  return await response.text()
}

const linesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`))

test('calls are counted by dialect and by the pattern of their route, whatever their path is', async () => {
  const { body } = await post(api, edge)
  for (const path of [`/v1/requests/${body.id}`, '/v1/requests/99', '/v1/requests/x']) {
    await api.call(path)
  }
  await api.call('/certificateSigningRequest?path=77')
  for (const path of ['/no/such/path', '/v1/no-such', '/wp-admin.php', '/v1/requests/1/2/3/4']) {
    await api.call(path)
  }
  await api.call('/v1/requests', { method: 'BREW' })
  const lines = linesOf(await metrics(), 'csr_foundry_http_requests_total')
  const labels = lines.map((line) => /\{(.*)\}/.exec(line)?.[1])
  const of = (route: string, status: number, method = 'GET', dialect = 'native') =>
    `dialect="${dialect}",method="${method}",route="${route}",status="${status}"`
  expect(labels).toEqual(
    expect.arrayContaining([
      of('/v1/requests', 202, 'POST'),
      of('/v1/requests/:id', 200),
      of('/v1/requests/:id', 404),
      of('/v1/requests/:id', 400),
      of('/certificateSigningRequest', 404, 'GET', 'lxca'),
    ]),
  )
  expect(lines.join('\n')).not.toMatch(/wp-admin|no-such|\/1\/2|BREW|99|77/)
})

test('nothing of a request, an account or a secret is in them', async () => {
  await post(api, { ...edge, ref: 'rack-12' })
  await api.user('somebody', ['read'])
  expect(await metrics()).not.toMatch(new RegExp(`edge-1|rack-12|somebody|admin"|${password}`))
})

test('the installation is told of: lanes, workers, Redis', async () => {
  const text = await metrics()
  expect(text).toMatch(/^csr_foundry_redis_up 1$/m)
  expect(text).toMatch(/^csr_foundry_workers\{state="taking"\} 0$/m)
  expect(text).toMatch(/^csr_foundry_requests_failed_total\{lane="fast",code="csr_not_made"\} 0$/m)
  expect(linesOf(text, 'csr_foundry_lane_waiting_lots')).toHaveLength(2)
})

test('while Redis is away they are served all the same, without what it alone knows', async () => {
  const { apiMetrics } = await import('../../src/metrics/api-metrics.ts')
  const read = apiMetrics(api.services)
  await read()
  const other = connectRedis(api.redisUrl, 'work', { onError: () => {} })
  await other.call('CLIENT', 'PAUSE', '5000', 'ALL')
  await delay(2_500)
  const { text } = await read()
  other.disconnect()
  expect(text).toMatch(/^csr_foundry_redis_up 0$/m)
  expect(
    Number(/^csr_foundry_redis_worst_latency_seconds (\S+)$/m.exec(text)?.[1]),
  ).toBeGreaterThan(2)
  expect(linesOf(text, 'csr_foundry_lane_waiting_lots')).toEqual([])
})
