import {
  type ActingPlace,
  cancelRequest,
  connected,
  connectRedis,
  createErrand,
  deleteRequest,
  errandName,
  finishErrand,
  type NewErrand,
  newErrandId,
  settledChannel,
  shardTag,
  startLot,
  tenantKeys,
} from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { type HeldCall, HeldCalls, Subscription } from '../src/index.ts'
import { create, newTenant, runOf, startQueue, type TestQueue, workOff } from './start-queue.ts'

leakGuard()
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue()
})
afterAll(() => queue.stop())

const long = 10_000

/** The held calls of one process. */
async function hold(most = 5_000) {
  const onError = () => {}
  const subscriber = connectRedis(queue.server.url, 'subscribe', { onError })
  onTestFinished(() => subscriber.disconnect())
  await connected(subscriber, 5_000)
  const subscription = new Subscription(subscriber)
  const calls = new HeldCalls(queue.redis, subscription, [shardTag(0)], most)
  onTestFinished(() => calls.drain())
  await subscription.start()
  return { calls, subscription }
}

const registered = (call: HeldCall | undefined): HeldCall => {
  if (!call) throw new Error('The call was not registered.')
  return call
}

async function timeOf(work: Promise<unknown> | undefined): Promise<number> {
  const started = performance.now()
  await work
  return performance.now() - started
}

test('a held call is woken when its request is ready, cancelled or deleted, and by no other', async () => {
  const { redis } = queue
  const { calls } = await hold()
  const place = newTenant()
  const { ids, ticket } = await create(redis, place, 3)
  const other = await create(redis, newTenant())
  const [ready, cancelled, deleted] = ids.map((id) => registered(calls.register(place, id)))
  const order: string[] = []
  const waits = Object.entries({ ready, cancelled, deleted }).map(async ([name, call]) => {
    await call?.wait(long)
    order.push(name)
  })
  await workOff(redis, runOf(other.ticket))
  await cancelRequest(redis, place, '2')
  await expect.poll(() => order).toEqual(['cancelled'])
  await deleteRequest(redis, place, '3')
  await expect.poll(() => order).toEqual(['cancelled', 'deleted'])
  await workOff(redis, runOf(ticket))
  expect(await timeOf(Promise.all(waits))).toBeLessThan(4_000)
})

test('all who wait for one request are woken', async () => {
  const { redis } = queue
  const { calls } = await hold()
  const place = newTenant()
  const { ticket } = await create(redis, place)
  const waiting = [1, 2, 3].map(() => registered(calls.register(place, '1')))
  waiting[0]?.release()
  const woken = Promise.all(waiting.slice(1).map((call) => call.wait(long)))
  await workOff(redis, runOf(ticket))
  expect(await timeOf(woken)).toBeLessThan(4_000)
})

test('news between registering and waiting are not lost', async () => {
  const { redis } = queue
  const { calls, subscription } = await hold()
  const heard = vi.fn()
  subscription.on('after', heard)
  await subscription.start()
  const place = newTenant()
  const { ticket } = await create(redis, place)
  const call = registered(calls.register(place, '1'))
  await workOff(redis, runOf(ticket))
  await redis.publish('after', '')
  await expect.poll(() => heard).toHaveBeenCalled()
  expect(await timeOf(call.wait(long))).toBeLessThan(4_000)
})

test('a result whose news were missed while the subscription was cut is found as soon as it is back', async () => {
  const { redis } = queue
  const { calls, subscription } = await hold()
  const place = newTenant()
  const { ticket } = await create(redis, place)
  const call = registered(calls.register(place, '1'))
  const wait = timeOf(call.wait(long))
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await vi.waitFor(() => expect(subscription.live).toBe(false), { interval: 5 })
  await workOff(redis, runOf(ticket))
  expect(subscription.live).toBe(false)
  // Well before the next of the rounds that read everything again anyhow.
  expect(await wait).toBeLessThan(3_000)
})

test('a result whose news never came is found by the round of every five seconds', async () => {
  const { redis } = queue
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { calls } = await hold()
  const place = newTenant()
  await create(redis, place, 2)
  await redis.hset(tenantKeys(place.shard, place.tenant).request('1'), 'state', 'ready')
  const [settled, queued] = ['1', '2'].map((id) => registered(calls.register(place, id)))
  const wait = timeOf(settled?.wait(long))
  vi.advanceTimersByTime(5_000)
  expect(await wait).toBeLessThan(4_000)
  expect(await timeOf(queued?.wait(50))).toBeGreaterThanOrEqual(45)
})

test('a request that is gone wakes who waits for it', async () => {
  const { calls, subscription } = await hold()
  const call = registered(calls.register(newTenant(), '1'))
  const wait = timeOf(call.wait(long))
  await subscription.start()
  expect(await wait).toBeLessThan(4_000)
})

/** A verification that is asked for, and a call that is held until it is done. */
async function heldErrand(calls: HeldCalls, place: ActingPlace) {
  const errand: NewErrand = { kind: 'verify', id: newErrandId(), input: '', about: '' }
  const ticket = await createErrand(queue.redis, place, errand)
  const key = tenantKeys(place.shard, place.tenant).errand(errand.kind, errand.id)
  const call = registered(calls.register(place, errandName(errand), key))
  return { ticket, key, call }
}

test('a call that waits for an errand is woken when it is done, and by no other', async () => {
  const { redis } = queue
  const { calls } = await hold()
  const place = newTenant()
  const [one, other] = [await heldErrand(calls, place), await heldErrand(calls, place)]
  const waits = [one, other].map(({ call }) => timeOf(call.wait(1_500)))
  const run = runOf(one.ticket)
  const start = await startLot(redis, run)
  if (start.kind !== 'errand') throw new Error(`The start is ${start.kind}.`)
  expect(await finishErrand(redis, run, start.errand, { state: 'done', result: 'x' })).toBe(true)
  expect(await waits[0]).toBeLessThan(1_400)
  expect(await waits[1]).toBeGreaterThanOrEqual(1_495)
})

test('news of an export wake who waits for it, in its tenant alone', async () => {
  const { calls } = await hold()
  const [place, other] = [newTenant(), newTenant()]
  const held = [place, other].map(({ tenant, shard }) => {
    const key = tenantKeys(shard, tenant).errand('export', '1')
    return timeOf(registered(calls.register({ tenant, shard }, 'export:1', key)).wait(1_500))
  })
  await queue.redis.publish(settledChannel(place.shard), `${place.tenant} export:1`)
  expect(await held[0]).toBeLessThan(1_400)
  expect(await held[1]).toBeGreaterThanOrEqual(1_495)
})

test.each(['done', 'failed', 'gone'])(
  'an errand that is %s without news is found when all is read again',
  async (state) => {
    const { redis } = queue
    const { calls, subscription } = await hold()
    const place = newTenant()
    const [over, queued] = [await heldErrand(calls, place), await heldErrand(calls, place)]
    // A request of the same tenant is read again beside it.
    await create(redis, place)
    const request = registered(calls.register(place, '1'))
    if (state === 'gone') await redis.del(over.key)
    else await redis.hset(over.key, 'state', state)
    const waits = [over.call, queued.call, request].map((call) => timeOf(call.wait(1_500)))
    await subscription.start()
    expect(await waits[0]).toBeLessThan(1_400)
    expect(await waits[1]).toBeGreaterThanOrEqual(1_495)
    expect(await waits[2]).toBeGreaterThanOrEqual(1_495)
  },
)

test('a call waits no longer than it asked for', async () => {
  const { calls } = await hold()
  const place = newTenant()
  await create(queue.redis, place)
  const call = registered(calls.register(place, '1'))
  const waited = await timeOf(call.wait(100))
  expect(waited).toBeGreaterThanOrEqual(95)
  expect(waited).toBeLessThan(4_000)
})

test('a caller that leaves is let go, at once also when it had left before', async () => {
  const { calls } = await hold()
  const place = newTenant()
  await create(queue.redis, place)
  const call = registered(calls.register(place, '1'))
  const caller = new AbortController()
  const wait = timeOf(call.wait(long, caller.signal))
  caller.abort()
  expect(await wait).toBeLessThan(4_000)
  expect(await timeOf(call.wait(long, caller.signal))).toBeLessThan(4_000)
  expect(calls.count).toBe(1)
  call.release()
  expect(calls.count).toBe(0)
})

test('no more calls are held than allowed, and a place is freed once', async () => {
  const { calls } = await hold(2)
  const place = newTenant()
  const [one, other] = [newTenant(), newTenant()].map((one) => registered(calls.register(one, '1')))
  expect(calls.register(place, '1')).toBeUndefined()
  one?.release()
  one?.release()
  expect(calls.count).toBe(1)
  const third = registered(calls.register(place, '3'))
  expect(calls.register(place, '4')).toBeUndefined()
  other?.release()
  third.release()
  expect(calls.count).toBe(0)
})

test('of all calls one tenant has a quarter at most, so that there are places for others', async () => {
  const { calls } = await hold(8)
  const place = newTenant()
  const [one] = ['1', '2'].map((id) => registered(calls.register(place, id)))
  expect(calls.register(place, '3')).toBeUndefined()
  registered(calls.register(newTenant(), '1'))
  one?.release()
  one?.release()
  registered(calls.register(place, '3'))
  expect(calls.register(place, '4')).toBeUndefined()
  expect(calls.count).toBe(3)
})

test('a drain wakes all who wait or are about to, and holds no more', async () => {
  const { calls } = await hold()
  const place = newTenant()
  await create(queue.redis, place, 3)
  const held = ['1', '1', '2', '3'].map((id) => registered(calls.register(place, id)))
  const waits = timeOf(Promise.all(held.slice(1).map((call) => call.wait(long))))
  calls.drain()
  expect(await waits).toBeLessThan(4_000)
  expect(await timeOf(held[0]?.wait(long))).toBeLessThan(4_000)
  expect(calls.register(place, '1')).toBeUndefined()
})

test('two thousand held at once are all woken', async () => {
  const { redis } = queue
  const { calls } = await hold(8_000)
  const place = newTenant()
  const lots = []
  for (let i = 0; i < 16; i++) lots.push(await create(redis, place, 125))
  const held = lots.flatMap(({ ids }) => ids.map((id) => registered(calls.register(place, id))))
  expect(calls.count).toBe(2_000)
  const waits = Promise.all(held.map((call) => call.wait(long)))
  for (const { ticket } of lots) expect(await workOff(redis, runOf(ticket))).toBe(125)
  expect(await timeOf(waits)).toBeLessThan(2_000)
  for (const call of held) call.release()
  expect(calls.count).toBe(0)
})
