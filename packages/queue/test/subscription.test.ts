import { connectRedis } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { Subscription } from '../src/index.ts'
import { silentProxy } from './silent-proxy.ts'
import { startQueue, type TestQueue } from './start-queue.ts'

leakGuard()
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue()
})
afterAll(() => queue.stop())

function subscribe(channels: Record<string, string[]>, url = queue.server.url) {
  const redis = connectRedis(url, 'subscribe', { onError: () => {} })
  const subscription = new Subscription(redis)
  onTestFinished(() => subscription.stop())
  const onLive = vi.fn()
  subscription.onLive(onLive)
  for (const [channel, heard] of Object.entries(channels)) {
    subscription.on(channel, (message) => heard.push(message))
  }
  return { redis, subscription, onLive }
}

test('it is live, and hears each channel by its own listener, whether or not it was connected before', async () => {
  const channels = { one: [] as string[], other: [] as string[] }
  const { subscription, onLive } = subscribe(channels)
  expect(subscription.live).toBe(false)
  await subscription.start()
  await expect.poll(() => subscription.live).toBe(true)
  expect(onLive).toHaveBeenCalledOnce()
  await queue.redis.publish('other', 'a')
  await queue.redis.publish('third', 'b')
  await queue.redis.publish('one', 'c')
  await expect.poll(() => channels).toEqual({ one: ['c'], other: ['a'] })
})

test('on a connection that is ready, start resolves when it is live', async () => {
  const { redis, subscription } = subscribe({ one: [] })
  redis.removeAllListeners('ready')
  await expect.poll(() => redis.status).toBe('ready')
  expect(subscription.live).toBe(false)
  await subscription.start()
  expect(subscription.live).toBe(true)
})

test('a cut makes it not live until it has subscribed again, and says so each time', async () => {
  const one: string[] = []
  const { redis, subscription, onLive } = subscribe({ one })
  await subscription.start()
  await expect.poll(() => subscription.live).toBe(true)
  const closed = vi.fn(() => expect(subscription.live).toBe(false))
  redis.on('close', closed)
  for (let cut = 1; cut <= 2; cut++) {
    await queue.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await expect.poll(() => closed).toHaveBeenCalledTimes(cut)
    expect(subscription.live).toBe(false)
    await queue.redis.publish('one', 'lost')
    await vi.waitFor(() => expect(subscription.live).toBe(true), 3_000)
    expect(onLive).toHaveBeenCalledTimes(cut + 1)
  }
  await queue.redis.publish('one', 'heard')
  await expect.poll(() => one).toContain('heard')
  expect(one).not.toContain('lost')
})

test('a connection whose other end has gone silent is not live for long, and another takes its place', async () => {
  await using proxy = await silentProxy(queue.server.url)
  const one: string[] = []
  const { subscription } = subscribe({ one }, proxy.url)
  await expect.poll(() => subscription.live).toBe(true)
  proxy.silence()
  await expect.poll(() => subscription.live, { timeout: 1_200 }).toBe(false)
  proxy.speak()
  await vi.waitFor(() => expect(subscription.live).toBe(true), 3_000)
  await queue.redis.publish('one', 'heard')
  await expect.poll(() => one).toEqual(['heard'])
})

test('a channel has one listener: a second one is a mistake that shows', () => {
  const { subscription } = subscribe({ one: [] })
  expect(() => subscription.on('one', () => {})).toThrow(/one/)
})
