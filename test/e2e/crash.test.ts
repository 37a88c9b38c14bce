import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { csrOf, lookInto, openKeyOf, opensslText } from './look.ts'
import { jsonInit, type Service, startService } from './start-service.ts'

leakGuard()

const killAll = (pids: readonly number[]) => {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}
const worker = 'worker/src/work.ts'
const useCnsa = (service: Service) =>
  service.call('/certificatePolicy', jsonInit('PUT', { specName: 'CNSA' }))

async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  ms = 30_000,
): Promise<T> {
  const deadline = Date.now() + ms
  while (Date.now() < deadline) {
    const seen = await look()
    if (seen !== undefined) return seen
    await sleep(1)
  }
  throw new Error(`${what}: not within ${ms} ms`)
}

/** Waits until the lot of a request has been started this often. */
const started = (redis: Redis, path: string, times: number) =>
  eventually(`start ${times} of path ${path}`, async () => {
    const [state, lot] = await redis.hmget(`{s10}:t:default:request:${path}`, 'state', 'lot')
    if (state !== 'queued') return 'over'
    return Number(await redis.hget(`{s10}:lot:${lot}`, 'starts')) >= times ? 'running' : undefined
  })

/** Waits until one of the requests is being worked on: on a busy machine the first may be over. */
const anyStarted = (redis: Redis, paths: readonly string[]) =>
  eventually('the start of any request', async () => {
    for (const path of paths) {
      const [state, lot] = await redis.hmget(`{s10}:t:default:request:${path}`, 'state', 'lot')
      const starts = state === 'queued' ? await redis.hget(`{s10}:lot:${lot}`, 'starts') : '0'
      if (Number(starts) >= 1) return 'running'
    }
    return undefined
  })

test('workers killed while they generate: every request ends ready, once, with the one key of its CSR', async () => {
  await using server = await startRedis()
  await using service = await startService({
    environment: { REDIS_URL: server.url, WORKER_PROCESSES: '2' },
  })
  await using redis = await lookInto(server.url)
  await useCnsa(service)
  const paths = await Promise.all(Array.from({ length: 12 }, () => service.create({})))
  expect(await anyStarted(redis, paths)).toBe('running')
  const children = service.pids(worker)
  expect(children.length).toBeGreaterThanOrEqual(1)
  killAll(children)

  for (const path of paths) {
    const pem = await csrOf(service, path)
    opensslText(pem)
    await openKeyOf(redis, `${service.dataDir}/keys/master.key`, path, pem)
    expect(await csrOf(service, path)).toBe(pem)
  }
  expect(await redis.hgetall('{s10}:t:default:counts')).toEqual({ queued: '0', ready: '12' })
  expect(await redis.zcard('{s10}:t:default:keys')).toBe(12)
  expect(await redis.zcard('{s10}:lots')).toBe(0)
  expect(await redis.keys('{s10}:lot:*')).toEqual([])
  expect(service.pids(worker)).not.toEqual(children)
})

test('a request that has killed two workers is set aside as failed, and the others go on', async () => {
  await using server = await startRedis()
  await using service = await startService({
    environment: { REDIS_URL: server.url },
  })
  await using redis = await lookInto(server.url)
  await useCnsa(service)
  const killTwice = async () => {
    const path = await service.create({})
    for (const start of [1, 2]) {
      if ((await started(redis, path, start)) === 'over') return undefined
      killAll(service.pids(worker))
    }
    return path
  }
  // A key may be found before the kill arrives: then it was the next request's turn to be the poison.
  const path = await eventually('a request that killed twice', killTwice, 60_000)
  const failed = await service.call(`/certificateSigningRequest?path=${path}`)
  expect(failed.status).toBe(500)
  expect(await failed.json()).toMatchObject({ result: 'failure', messages: [{ id: 'CSRF0402E' }] })
  expect(await redis.zcard('{s10}:lots:dead')).toBe(1)
  opensslText(await csrOf(service, await service.create({})))
})

describe('Redis killed', () => {
  test('it is started again on the same data, nothing acknowledged is gone, and ids leave a gap', async () => {
    await using service = await startService()
    const before = await Promise.all(Array.from({ length: 20 }, () => service.create({})))
    killAll(service.pids('redis-server'))
    for (const path of before) opensslText(await csrOf(service, path))
    const after = Number(await service.create({}))
    expect(after).toBe(100_000 + 20 + 1)
    opensslText(await csrOf(service, String(after)))
  })

  test('a clean stop and a new start on the same data go on where they were', async () => {
    await using first = await startService()
    const { dataDir } = first
    const path = await first.create({ CommonName: 'kept.example.com' })
    const pem = await csrOf(first, path)
    expect(await first.stop()).toBe(0)
    await using second = await startService({ dataDir })
    expect(await csrOf(second, path)).toBe(pem)
    expect(await second.create({})).toBe(String(Number(path) + 1))
  })
})

test('while Redis is away calls are a fast 503 in the shape of the dialect, readyz says so, and it recovers by itself', async () => {
  await using service = await startService()
  const path = await service.create({})
  const [redisPid = 0] = service.pids('redis-server')
  const body = jsonInit('POST', {})
  await csrOf(service, path)
  // Stopped, not killed: it does not answer, and nothing starts another.
  process.kill(redisPid, 'SIGSTOP')
  try {
    const response = await service.call('/certificateSigningRequest', body)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.json()).toMatchObject({
      result: 'failure',
      messages: [{ id: 'CSRF0502W' }],
    })
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503)
  } finally {
    process.kill(redisPid, 'SIGCONT')
  }
  const recovered = await eventually('recovery', async () => {
    const response = await service.call('/certificateSigningRequest', body)
    return response.status === 200 ? response : undefined
  })
  expect(recovered.status).toBe(200)
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
})

test('the owner killed: none of its processes stays', async () => {
  // What the parts wait for is gone with their owner, so they end when their time is over.
  await using service = await startService({ environment: { DRAIN_SECONDS: '1' } })
  const pids = [
    ...service.pids('main.ts'),
    ...service.pids(worker),
    ...service.pids('redis-server'),
  ]
  expect(pids.length).toBeGreaterThanOrEqual(4)
  service.process.kill('SIGKILL')
  await eventually('the end of all', async () => {
    return pids.some((pid) => existsSync(`/proc/${pid}`)) ? undefined : true
  })
})
