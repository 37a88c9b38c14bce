import { createPrivateKey, createPublicKey } from 'node:crypto'
import { proveCsr, type Spec } from '@csr-foundry/csr'
import { VaultError } from '@csr-foundry/key-vault'
import { readRequest } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { runLot } from '../src/outcome.ts'
import { p256, place, recordOf, runOf } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()

const read = (id: string) => readRequest(worker.redis, place, id)
const keyOf = (id: string) => worker.redis.hgetallBuffer(recordOf(id))

test('a lot is made: each CSR proves against its spec and its own sealed key', async () => {
  const specs = ['a', 'b', 'c'].map(
    (name): Spec => ({ ...p256, subjectAltNames: [{ type: 'dns', value: `${name}.example.com` }] }),
  )
  const { lot, ids } = await worker.record(...specs)
  expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
  for (const [i, id] of ids.entries()) {
    const record = await read(id)
    const { spki, sealed } = await keyOf(id)
    if (record?.state !== 'ready' || !spki || !sealed) throw new Error(`${id} is not ready`)
    proveCsr(record.csr, { spec: specs[i] ?? p256, spki })
    const owner = { place, keyId: id, spki, custody: 'internal' }
    const key = createPrivateKey({
      key: await worker.context.vault.open(sealed, owner),
      format: 'der',
      type: 'pkcs8',
    })
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(spki)
  }
})

test('a lot that runs twice leaves one key', async () => {
  const { lot, ids } = await worker.record(p256)
  const [id = ''] = ids
  await Promise.all([runLot(worker.context, runOf(lot)), runLot(worker.context, runOf(lot))])
  const first = await keyOf(id)
  expect(await runLot(worker.context, runOf(lot, 'take-2'))).toEqual({ done: true })
  expect(await keyOf(id)).toEqual(first)
  const record = await read(id)
  if (record?.state !== 'ready' || !first.spki) throw new Error('not ready')
  proveCsr(record.csr, { spec: p256, spki: first.spki })
})

test('a CSR that does not prove is stored for no request of its lot; tried alone, only its own request fails', async () => {
  // Not to be had through any dialect: the builder takes it, the strict reader does not.
  const bad: Spec = { ...p256, subject: [[{ type: 'emailAddress', value: 'ü@example.com' }]] }
  const { lot, ids } = await worker.record(p256, bad, p256)
  const context = { ...worker.context, verifyEvery: 1 }
  expect(await runLot(context, runOf(lot))).toEqual({ againIn: 500 })
  for (const id of ids) expect(await read(id)).toMatchObject({ state: 'queued' })

  expect(await runLot(context, runOf(lot, 'take-2'))).toEqual({ done: true })
  const apart = await worker.redis.zrange('{s10}:lots', '0', '-1')
  expect(apart).toHaveLength(3)
  for (const take of ['1', '2', '3']) {
    for (const own of apart) await runLot(context, runOf(own, take))
  }
  const records = await Promise.all(ids.map(read))
  expect(records.map((record) => record?.state)).toEqual(['ready', 'failed', 'ready'])
  expect(records[1]).toMatchObject({ problem: { code: 'csr_not_made', status: 500 } })
  expect(await keyOf(ids[1] ?? '')).toEqual({})
})

test('what nobody foresaw is tried three times and then failed, without its text', async () => {
  const strange = { ...p256, key: { algorithm: 'no-such', digest: 'sha256' } } as unknown as Spec
  const { lot, ids } = await worker.record(strange)
  expect(await runLot(worker.context, runOf(lot, '1'))).toEqual({ againIn: 500 })
  expect(await runLot(worker.context, runOf(lot, '2'))).toEqual({ againIn: 1_000 })
  expect(await runLot(worker.context, runOf(lot, '3'))).toEqual({ done: true })
  const record = await read(ids[0] ?? '')
  expect(record).toMatchObject({ state: 'failed', problem: { code: 'csr_not_made' } })
  expect(JSON.stringify(record)).not.toMatch(/undefined|Cannot read/)
  const lines = worker
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"lot":"${lot}"`))
    .map((line) => JSON.parse(line))
  expect(lines.map(({ msg }) => msg)).toEqual([
    ...['lot is tried again', 'lot is tried again'],
    'lot failed',
  ])
  for (const { paths } of lines) expect(paths).toEqual(ids)
})

test('while the vault is away a lot is tried for as long as it takes, with growing rests', async () => {
  const { lot, ids } = await worker.record(p256)
  const away = new VaultError('master_key_file', 'The file cannot be read.')
  const vault = { ...worker.context.vault, seal: () => Promise.reject(away) }
  const rests: number[] = []
  for (let i = 0; i < 9; i++) {
    const outcome = await runLot({ ...worker.context, vault }, runOf(lot, `take-${i}`))
    if ('againIn' in outcome) rests.push(outcome.againIn)
  }
  expect(rests).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(await runLot(worker.context, runOf(lot, 'at last'))).toEqual({ done: true })
  expect((await read(ids[0] ?? ''))?.state).toBe('ready')
})

test('a private key is wiped once it is sealed', async () => {
  const { lot } = await worker.record(p256)
  const seen: Buffer[] = []
  const vault = {
    ...worker.context.vault,
    seal: (...[key, owner]: Parameters<typeof worker.context.vault.seal>) => {
      seen.push(key)
      return worker.context.vault.seal(key, owner)
    },
  }
  await runLot({ ...worker.context, vault }, runOf(lot))
  expect(seen).toHaveLength(1)
  expect(seen[0]?.every((byte) => byte === 0)).toBe(true)
})

test('the log names lots and paths, and nothing of what requests say', () => {
  expect(worker.logged()).toContain('"paths":["1","2","3"]')
  expect(worker.logged()).not.toContain('example.com')
})
