/** What becomes of requests that are under way, on a Redis that somebody else keeps. */

import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spec } from '@csr-foundry/csr'
import { LotQueues, laneOf } from '@csr-foundry/queue'
import { createRequests, shardTags } from '@csr-foundry/records'
import { startRedis } from '@csr-foundry/testing'
import { howMany } from '@csr-foundry/testing/how-many'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countConnections, get } from './held-calls.ts'
import { csrOf, lookInto, openKeyOf, opensslText, place } from './look.ts'
import { jsonInit, type Service, startService } from './start-service.ts'

leakGuard()

let service: Service
let redis: Redis
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  const server = stack.use(await startRedis())
  const environment = { REDIS_URL: server.url }
  service = stack.use(await startService({ environment }))
  redis = stack.use(await lookInto(server.url))
  // Keys of RSA 3072: there is time to get in between.
  await service.call('/certificatePolicy', jsonInit('PUT', { specName: 'CNSA' }))
})
afterAll(() => stack.disposeAsync())

const worker = 'worker/src/work.ts'
const masterKeyFile = () => `${service.dataDir}/keys/master.key`

function killWorkers(): number[] {
  const pids = service.pids(worker)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  return pids
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>, ms = 30_000) {
  const deadline = Date.now() + ms
  while (Date.now() < deadline) {
    const seen = await look()
    if (seen !== undefined) return seen
    await sleep(1)
  }
  throw new Error(`${what}: not within ${ms} ms`)
}

/** How often the lot of a request has been started; none once the request is settled. */
async function startsOf(path: string): Promise<number | undefined> {
  const [state, lot] = await redis.hmget(`{s10}:t:default:request:${path}`, 'state', 'lot')
  return state === 'queued' ? Number(await redis.hget(`{s10}:lot:${lot}`, 'starts')) : undefined
}

/** Waits until the lot of a request has been started this often. */
const started = (path: string, times: number) =>
  eventually(`start ${times} of path ${path}`, async () => {
    const starts = await startsOf(path)
    if (starts === undefined) return 'over'
    return starts >= times ? 'running' : undefined
  })

/** Waits until one of the requests is being worked on: on a busy machine the first may be over. */
const anyStarted = (paths: readonly string[]) =>
  eventually('the start of any request', async () => {
    for (const path of paths) if (Number(await startsOf(path)) >= 1) return 'running'
    return undefined
  })

// First: it counts all that there is.
test('workers killed while they generate: every request ends ready, once, with the one key of its CSR', async () => {
  const paths = await Promise.all(Array.from({ length: 4 }, () => service.create({})))
  expect(await anyStarted(paths)).toBe('running')
  const children = killWorkers()
  expect(children.length).toBeGreaterThanOrEqual(1)

  for (const path of paths) {
    const pem = await csrOf(service, path)
    opensslText(pem)
    await openKeyOf(redis, masterKeyFile(), path, pem)
    expect(await csrOf(service, path)).toBe(pem)
  }
  expect(await redis.hgetall('{s10}:t:default:counts')).toEqual({ queued: '0', ready: '4' })
  expect(await redis.zcard('{s10}:t:default:keys')).toBe(4)
  expect(await redis.zcard('{s10}:lots')).toBe(0)
  expect(await redis.keys('{s10}:lot:*')).toEqual([])
  expect(service.pids(worker)).not.toEqual(children)
})

test('a request that has killed two workers is set aside as failed, and the others go on', async () => {
  const killTwice = async () => {
    const path = await service.create({})
    for (const start of [1, 2]) {
      if ((await started(path, start)) === 'over') return undefined
      killWorkers()
    }
    const answer = await service.call(`/certificateSigningRequest?path=${path}`)
    return answer.status === 200 ? undefined : answer
  }
  // A key may be found before the kill arrives: then it is the next request's turn to be the poison.
  const failed = await eventually('a request that killed twice', killTwice, 60_000)
  expect(failed.status).toBe(500)
  expect(await failed.json()).toMatchObject({ result: 'failure', messages: [{ id: 'CSRF0402E' }] })
  expect(await redis.zcard('{s10}:lots:dead')).toBe(1)
  opensslText(await csrOf(service, await service.create({})))
})

const p256: Spec = {
  subject: [[{ type: 'CN', value: 'fast.example.com' }]],
  subjectAltNames: [{ type: 'dns', value: 'fast.example.com' }],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
}

test('a P-256 request on the fast lane does not wait behind RSA keys, and several travel in one lot', async () => {
  const slow = await Promise.all(Array.from({ length: 30 }, () => service.create({})))

  await using queues = closing(new LotQueues(redis, shardTags(1), () => {}))
  const lane = laneOf(p256.key.algorithm)
  expect(lane).toBe('fast')
  const requests = Array.from({ length: 20 }, () => ({ spec: p256 }))
  const { firstId, ticket } = await createRequests(redis, place, { requests, lane, priority: 0 })
  if (!ticket) throw new Error('They were created before.')
  await queues.add(ticket)
  const last = String(Number(firstId) + 19)
  const pem = await csrOf(service, last)
  const slowStillQueued = Number(await redis.hget('{s10}:t:default:counts', 'queued'))
  expect(slowStillQueued).toBeGreaterThan(10)
  expect(opensslText(pem)).toContain('Signature Algorithm: ecdsa-with-SHA256')
  for (const path of [firstId, last]) {
    await openKeyOf(redis, masterKeyFile(), path, await csrOf(service, path))
  }
  // Nobody needs these keys.
  const remove = (path: string) =>
    service.call(`/certificateSigningRequest/${path}`, { method: 'DELETE' })
  await Promise.all(slow.map(remove))
})

const closing = (queues: LotQueues) =>
  Object.assign(queues, { [Symbol.asyncDispose]: () => queues.close() })

const held = howMany(300, 2_000)

// Last: it ends the service.
test(`${held} held calls and a SIGTERM: each gets an answer`, async () => {
  // Recorded without a job, so it stays queued for the 10 s until the sweep finds it.
  const requests = [
    { spec: { ...p256, key: { algorithm: 'rsa-2048', digest: 'sha256' } as const } },
  ]
  const work = { requests, lane: 'slow', priority: 0 } as const
  const { firstId } = await createRequests(redis, place, work)
  const agent = new Agent({ maxSockets: held, keepAlive: false })
  const url = `${service.url}/certificateSigningRequest/${firstId}`
  const calls = Array.from({ length: held }, () => get(url, agent))
  await expect
    .poll(() => countConnections(service.url), { timeout: 15_000 })
    .toBeGreaterThanOrEqual(held)
  service.process.kill('SIGTERM')
  const answers = await Promise.all(calls)
  const statuses = new Map<number | undefined, number>()
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  expect(Object.fromEntries(statuses)).toEqual({ 202: held })
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
    response: { path: firstId, state: 'Pending' },
  })
  expect(await service.stop()).toBe(0)
  agent.destroy()
})
