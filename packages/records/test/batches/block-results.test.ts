import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteRequest, readBlockResults, readResults } from '../../src/index.ts'
import { create, failedResult, newTenant, readyResult } from '../make-requests.ts'
import { type Records, startRecords } from '../start-records.ts'
import { makeBatch, rejectEvery, workOffAll } from './make-batches.ts'

leakGuard()
let records: Records
let redis: Redis
beforeAll(async () => {
  records = await startRecords()
  redis = records.redis
})
afterAll(() => records.stop())
beforeEach(() => redis.flushall())

test('results come in the order of the input, without what was rejected or deleted', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 300, isRejected: rejectEvery(100) })
  await workOffAll(redis, tickets.slice(0, 1), failedResult)
  await workOffAll(redis, tickets.slice(1, 2))
  await deleteRequest(redis, place, '3')
  // Another request of the tenant lies behind the batch.
  await create(redis, place)
  const all = [
    ...(await readBlockResults(redis, place, id, 0)),
    ...(await readBlockResults(redis, place, id, 1)),
  ]
  const rows = Array.from({ length: 300 }, (_, row) => row).filter(
    (row) => row % 100 > 0 && row !== 1,
  )
  expect(all.map(({ row }) => row)).toEqual(rows)
  expect(all.map((one) => one.id)).toEqual(rows.map((row) => String(row + 2)))
  expect(all[0]).toEqual({
    ...{ row: 2, id: '4', ref: 'row-2', state: 'failed', algorithm: 'ecdsa-p256' },
    problem: expect.objectContaining({ code: 'csr_not_made' }),
  })
  expect(all.find(({ row }) => row === 200)).toBeUndefined()
  expect(all.find(({ row }) => row === 201)).toEqual({
    ...{
      row: 201,
      id: '203',
      ref: 'row-201',
      state: 'ready',
      algorithm: 'ecdsa-p256',
      keyId: '203',
    },
    csr: Buffer.from('csr of 203 by one'),
  })
  expect(all.at(-1)).toMatchObject({ row: 299, state: 'queued' })
  expect(await readBlockResults(redis, place, id, 2)).toEqual([])
  expect(await readBlockResults(redis, newTenant(), id, 0)).toEqual([])
})

test('a page ends with its block, or after half a mebibyte of CSRs, and goes on at the next row', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 300 })
  const large = (path: string) => ({ ...readyResult(path), csr: Buffer.alloc(60_000, path) })
  await workOffAll(
    redis,
    tickets.slice(0, 1),
    (path) => large(path) as ReturnType<typeof readyResult>,
  )
  const first = await readResults(redis, place, id, { row: 0 })
  expect(first.results.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(first.next).toBe(9)
  expect((await readBlockResults(redis, place, id, 0)).map(({ row }) => row)).toEqual(
    Array.from({ length: 256 }, (_, row) => row),
  )
  const queued = { state: 'queued' } as const
  const second = await readResults(redis, place, id, { row: 0, ...queued })
  expect(second).toMatchObject({ results: { length: 128 }, next: 256 })
  const last = await readResults(redis, place, id, { row: 256, ...queued })
  expect(last.results).toHaveLength(44)
  expect(last).not.toHaveProperty('next')
  expect(await readResults(redis, place, id, { row: 300 })).toEqual({ results: [] })
  expect(await readResults(redis, place, id, { row: 512 })).toEqual({ results: [] })
})
