import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { connectRedis, createSession, deleteRequest, importKey, takeId } from '../src/index.ts'
import { create, importOne, newTenant, workOff } from './make-requests.ts'
import { startRecords } from './start-records.ts'

leakGuard()

test('above 80 % of the memory nothing new is taken in, and what was taken in is completed and deleted', async () => {
  await using records = await startRecords()
  const { redis, server } = records
  const place = newTenant()
  // What Redis keeps of the scripts themselves would fill this small one.
  const other = newTenant()
  await workOff(redis, other, await create(redis, other))
  await deleteRequest(redis, other, '1')
  const waiting = await create(redis, place)
  const info = await redis.info('memory')
  const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1])
  await redis.config('SET', 'maxmemory', Math.round(used / 0.9))
  // Another process, which has not looked yet.
  const late = connectRedis(server.url, 'work', { onError: () => {} })
  const refused = { code: 'storage_full', retryAfter: 30 }
  await expect(create(late, place)).rejects.toMatchObject(refused)
  await expect(takeId(late, place)).rejects.toMatchObject(refused)
  const key = { id: '9', algorithm: 'ed25519', custody: 'internal' } as const
  const [spki, sealed] = [Buffer.from('x'), Buffer.from('y')]
  await expect(importKey(late, place, { ...key, spki, sealed })).rejects.toMatchObject(refused)
  await expect(createSession(late, place, 'bob', 'x')).rejects.toMatchObject(refused)
  expect(await workOff(late, place, waiting)).toBe(1)
  expect(await deleteRequest(late, place, '1')).toBe(true)

  await redis.config('SET', 'maxmemory', 0)
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  expect((await create(late, place)).ids).toEqual(['2'])
  expect(await importOne(late, place, 'a')).toBe('3')
  late.disconnect()
})

test('where there was room a second ago nobody waits for the next look, and whoever comes after it is refused', async () => {
  await using records = await startRecords()
  const { redis } = records
  const place = newTenant()
  await create(redis, place)
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
  await redis.config('SET', 'maxmemory', Math.round(used / 0.9))
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  expect((await create(redis, place)).ids).toEqual(['2'])
  await expect(create(redis, place)).rejects.toMatchObject({ code: 'storage_full' })
})
