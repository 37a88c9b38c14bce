import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVault } from '@csr-foundry/key-vault'
import { readSupervisors } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { KeyProviderWatch } from '../../src/metrics/key-provider-watch.ts'
import { measuredVault } from '../../src/metrics/measured-vault.ts'
import { RunningLots } from '../../src/metrics/running-lots.ts'
import { WorkFigures } from '../../src/metrics/work-figures.ts'
import { processLot } from '../../src/process-lot.ts'
import { p256, place, runOf } from '../start-worker-context.ts'
import { withWorkerContext } from '../with-worker-context.ts'

const worker = withWorkerContext()

const countIn = (metric: {
  get(): { values: readonly { metricName?: string; value: number }[] }
}) =>
  metric
    .get()
    .values.filter(({ metricName }) => metricName?.endsWith('_count'))
    .reduce((sum, { value }) => sum + value, 0)

test('operations of the vault are timed, and their failures counted by code', async () => {
  const figures = new WorkFigures()
  const vault = measuredVault(worker.context.vault, figures)
  const owner = { place, keyId: '1', spki: Buffer.from('spki'), custody: 'internal' as const }
  const sealed = await vault.seal(Buffer.from('a private key'), owner)
  expect(String(await vault.open(sealed, owner))).toBe('a private key')
  await expect(vault.open(sealed, { ...owner, keyId: '2' })).rejects.toThrow()
  expect(countIn(figures.vaultOperations)).toBe(3)
  expect(figures.vaultFailures.tally()).toEqual({ 'open sealed_damaged': 1 })
})

test('each key that is generated is timed, on the thread pool as well', async () => {
  const figures = new WorkFigures()
  const { keyMade } = figures
  for (const key of [
    { algorithm: 'ed25519' },
    { algorithm: 'rsa-2048', digest: 'sha256' },
  ] as const) {
    const { lot } = await worker.record({ ...p256, key })
    await processLot({ ...worker.context, keyMade }, runOf(lot))
  }
  expect(Object.keys(figures.keyGeneration.tally()).toSorted()).toEqual(['ed25519', 'rsa-2048'])
})

test('of the lots in hand the oldest counts', async () => {
  const running = new RunningLots(new WorkFigures())
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const done = { done: true } as const
  const one = running.run('fast', () => first.promise.then(() => done))
  await new Promise((wake) => setTimeout(wake, 500))
  const other = running.run('fast', () => second.promise.then(() => done))
  expect(running.count).toBe(2)
  expect(running.oldestMs).toBeGreaterThan(490)
  first.resolve()
  await one
  expect(running.oldestMs).toBeLessThan(490)
  second.resolve()
  await other
  expect(running.count).toBe(0)
})

test('a master key file that goes away is told of, in Redis and in the log, until it is back', async () => {
  const folder = join(tmpdir(), `csr-foundry-watch-${process.pid}`)
  const file = join(folder, 'master.key')
  await worker.redis.del('vault:masters')
  await openVault(worker.redis, file)
  const watch = new KeyProviderWatch({
    redis: worker.redis,
    masterKeyFile: file,
    log: worker.context.log,
  })
  const said = async () =>
    (await readSupervisors(worker.redis)).map(({ keyProvider }) => keyProvider)
  await watch.look()
  expect(await said()).toEqual(['ok'])
  await rename(file, `${file}.away`)
  await watch.look()
  expect(await said()).toEqual(['master_key_lost'])
  expect(worker.logged()).toContain('the master key is not to be had')
  await rename(`${file}.away`, file)
  await watch.look()
  expect(await said()).toEqual(['ok'])
  // Where Redis has lost what it knew, looking makes no new key.
  await worker.redis.del('vault:masters')
  await watch.look()
  expect(await said()).toEqual(['master_key_unknown'])
  expect(await worker.redis.exists('vault:masters')).toBe(0)
  await watch.stop()
  expect(await said()).toEqual([])
})
