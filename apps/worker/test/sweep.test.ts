import { shardTags } from '@csr-foundry/records'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sweep } from '../src/sweep.ts'
import { p256 } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()
let sweep: Sweep
beforeAll(() => {
  const { redis, queues, log } = worker.context
  sweep = new Sweep(redis, queues, shardTags(1), log)
})
afterAll(() => sweep.stop())

const jobs = async () => {
  const names = await worker.redis.keys('{s10}:fast:lot-*')
  return names.map((name) => name.split('-')[1]).sort((a, b) => Number(a) - Number(b))
}
const makeOlder = (lot: string) => worker.redis.zincrby('{s10}:lots', -11_000, lot)

test('a lot whose job was lost gets one again, once; a young one and one with a job are left alone', async () => {
  const { lot: lost } = await worker.record(p256)
  const { lot: young } = await worker.record(p256)
  await makeOlder(lost)
  await sweep.round()
  await sweep.round()
  expect(await jobs()).toEqual([lost])
  expect(await worker.redis.llen('{s10}:fast:wait')).toBe(1)
  await makeOlder(young)
  await sweep.round()
  expect(await jobs()).toEqual([lost, young])
})

test('it goes round more lots than one look takes', async () => {
  const lots = await Promise.all(Array.from({ length: 1_100 }, () => worker.record(p256)))
  await Promise.all(lots.map(({ lot }) => makeOlder(lot)))
  for (let round = 0; round < 3; round++) await sweep.round()
  expect(await jobs()).toHaveLength(1_102)
})
