import { expect, test } from 'vitest'
import { supervisorMetrics } from '../../src/metrics/supervisor-metrics.ts'
import { WorkFigures } from '../../src/metrics/work-figures.ts'
import { WorkerFleet } from '../../src/metrics/worker-fleet.ts'

/** What a worker process says after so many keys. */
function said(keys: number) {
  const figures = new WorkFigures()
  for (let i = 0; i < keys; i++) figures.keyGeneration.observe('ed25519', 0.000_2)
  return { lots: 1, oldestLotMs: 1_500, eventLoopDelayMs: 20, figures: figures.tallies() }
}

const textOf = async (fleet: WorkerFleet, state = 'ok') =>
  (await supervisorMetrics({ fleet, keyProvider: { state } })()).text

const keysIn = (text: string) =>
  Number(/key_generation_duration_seconds_count\{algorithm="ed25519"\} (\d+)/.exec(text)?.[1])

test('what the processes have counted adds up, and never falls when one dies', async () => {
  const fleet = new WorkerFleet()
  for (const worker of ['worker-1', 'worker-2']) fleet.expect(worker)
  fleet.hear('worker-1', said(3))
  fleet.hear('worker-2', said(4))
  expect(keysIn(await textOf(fleet))).toBe(7)
  fleet.died('worker-2')
  expect(keysIn(await textOf(fleet))).toBe(7)
  fleet.hear('worker-2', said(1))
  fleet.hear('worker-1', said(5))
  const text = await textOf(fleet)
  expect(keysIn(text)).toBe(10)
  expect(text).toMatch(/^csr_foundry_worker_deaths_total\{worker="worker-2"\} 1$/m)
  expect(text).toMatch(/^csr_foundry_worker_oldest_lot_seconds\{worker="worker-1"\} 1.5$/m)
})

test('a process of which nothing was ever heard is silent from its start on', async () => {
  const fleet = new WorkerFleet()
  fleet.expect('worker-1')
  await new Promise((wake) => setTimeout(wake, 50))
  const [member] = fleet.members()
  expect(member?.silentSeconds).toBeGreaterThan(0.04)
  fleet.hear('worker-1', 'ready')
  expect(fleet.members()[0]?.silentSeconds).toBeLessThan(0.04)
})

test('a master key that is gone is 0', async () => {
  const fleet = new WorkerFleet()
  expect(await textOf(fleet)).toMatch(/^csr_foundry_key_provider_up 1$/m)
  expect(await textOf(fleet, 'master_key_lost')).toMatch(/^csr_foundry_key_provider_up 0$/m)
})
