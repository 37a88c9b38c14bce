import {
  exportPrivateKey,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
  proveCsr,
  type Spec,
} from '@csr-foundry/csr'
import { VaultError } from '@csr-foundry/key-vault'
import {
  createRequests,
  deleteRequest,
  readKey,
  readRequest,
  retryRequest,
} from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { runLot } from '../src/outcome.ts'
import { importNew } from './import-new.ts'
import { p256, place, recordOf, runOf } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()

const read = (id: string) => readRequest(worker.redis, place, id)
const specFor = (algorithm: KeyAlgorithmName): Spec => {
  const digest = keyAlgorithms[algorithm].defaultDigest
  return { ...p256, key: { algorithm, ...(digest && { digest }) } }
}

/** Records requests in one lot, each with its key or without. */
async function record(...asked: readonly { keyId?: string; spec?: Spec }[]) {
  const { firstId, ticket } = await createRequests(worker.redis, place, {
    requests: asked.map(({ spec = p256, keyId }) => ({ spec, ...(keyId && { keyId }) })),
    lane: 'fast',
    priority: 0,
  })
  return { lot: ticket?.lot ?? '', ids: asked.map((_, i) => String(Number(firstId) + i)) }
}

test('a key of every algorithm signs a CSR that proves against its spec and that key', async () => {
  for (const algorithm of keyAlgorithmNames.filter((name) => !/rsa-[34]/.test(name))) {
    const { keyId, spki } = await importNew(worker, { algorithm })
    const before = await worker.redis.hgetallBuffer(recordOf(keyId))
    const spec = specFor(algorithm)
    const { lot, ids } = await record({ keyId, spec })
    const [id = ''] = ids
    expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
    const ready = await read(id)
    if (ready?.state !== 'ready') throw new Error(`${algorithm}: ${ready?.state}`)
    proveCsr(ready.csr, { spec, spki })
    expect(ready).toMatchObject({ keyId, algorithm })
    expect(await worker.redis.hgetallBuffer(recordOf(keyId))).toEqual(before)
    expect(await worker.redis.exists(recordOf(id))).toBe(0)
  }
})

test('a key that was generated for one request signs for others too', async () => {
  const first = await record({})
  await runLot(worker.context, runOf(first.lot))
  const [keyId = ''] = first.ids
  const { lot, ids } = await record({ keyId }, {}, { keyId })
  await runLot(worker.context, runOf(lot))
  const spki = (await readKey(worker.redis, place, keyId))?.spki ?? Buffer.alloc(0)
  for (const id of [ids[0] ?? '', ids[2] ?? '']) {
    const ready = await read(id)
    if (ready?.state !== 'ready') throw new Error(`${id} is ${ready?.state}`)
    proveCsr(ready.csr, { spec: p256, spki })
  }
  expect(await read(ids[1] ?? '')).toMatchObject({ state: 'ready', keyId: ids[1] })
  await deleteRequest(worker.redis, place, keyId)
  expect(await readKey(worker.redis, place, keyId)).toMatchObject({ inUse: true })
})

test('a key that does not open fails its own request at once and no other of the lot; mended, a retry makes it', async () => {
  const [good, bad] = [await importNew(worker), await importNew(worker)]
  const sealed = await worker.redis.hgetBuffer(recordOf(bad.keyId), 'sealed')
  const foreign = await worker.redis.hgetBuffer(recordOf(good.keyId), 'sealed')
  await worker.redis.hset(recordOf(bad.keyId), 'sealed', foreign ?? '')
  const { lot, ids } = await record({ keyId: good.keyId }, { keyId: bad.keyId }, {})
  expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
  const states = await Promise.all(ids.map(async (id) => (await read(id))?.state))
  expect(states).toEqual(['ready', 'failed', 'ready'])
  const [, id = ''] = ids
  expect(await read(id)).toMatchObject({
    keyId: bad.keyId,
    problem: { code: 'csr_not_made', detail: `The key ${bad.keyId} does not open.` },
  })
  expect(worker.logged()).toContain('stored key does not open')
  expect(worker.logged()).toContain(`"keyId":"${bad.keyId}"`)

  await worker.redis.hset(recordOf(bad.keyId), 'sealed', sealed ?? '')
  const ticket = await retryRequest(worker.redis, place, id, { priority: 0 })
  if (typeof ticket === 'string') throw new Error(ticket)
  expect(await runLot(worker.context, runOf(ticket.lot))).toEqual({ done: true })
  expect(await read(id)).toMatchObject({ state: 'ready', keyId: bad.keyId })
})

test('a public key that was swapped in the record, and a record that is gone, make no CSR', async () => {
  const [swapped, gone, other] = [
    await importNew(worker),
    await importNew(worker),
    await importNew(worker),
  ]
  await worker.redis.hset(recordOf(swapped.keyId), 'spki', other.spki)
  const { lot, ids } = await record({ keyId: swapped.keyId }, { keyId: gone.keyId })
  await worker.redis.del(recordOf(gone.keyId))
  expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
  for (const id of ids) {
    expect(await read(id)).toMatchObject({ state: 'failed', problem: { code: 'csr_not_made' } })
  }
})

test('an opened key whose public half is not that of the record signs nothing that is stored', async () => {
  const { keyId } = await importNew(worker)
  const another = await keyAlgorithms['ecdsa-p256'].generate()
  const opened: Buffer[] = []
  const vault = {
    ...worker.context.vault,
    open: async () => {
      const privateKey = exportPrivateKey(another)
      opened.push(privateKey)
      return privateKey
    },
  }
  const { lot, ids } = await record({ keyId })
  for (const take of ['1', '2']) {
    expect(await runLot({ ...worker.context, vault }, runOf(lot, take))).toHaveProperty('againIn')
    expect((await read(ids[0] ?? ''))?.state).toBe('queued')
  }
  expect(await runLot({ ...worker.context, vault }, runOf(lot, '3'))).toEqual({ done: true })
  expect(await read(ids[0] ?? '')).toMatchObject({ state: 'failed' })
  expect(opened).toHaveLength(3)
  for (const privateKey of opened) expect(privateKey.every((byte) => byte === 0)).toBe(true)
})

test('while the vault is away the request waits; an opened key is wiped once it has signed', async () => {
  const { keyId } = await importNew(worker)
  const { lot, ids } = await record({ keyId })
  const opened: Buffer[] = []
  const { vault } = worker.context
  const away = {
    ...vault,
    open: () => Promise.reject(new VaultError('master_key_file', 'The file cannot be read.')),
  }
  for (const take of ['1', '2', '3', '4', '5']) {
    const outcome = await runLot({ ...worker.context, vault: away }, runOf(lot, take))
    expect(outcome).toHaveProperty('againIn')
  }
  const watched = {
    ...vault,
    open: async (...[sealed, owner]: Parameters<typeof vault.open>) => {
      const privateKey = await vault.open(sealed, owner)
      opened.push(privateKey)
      return privateKey
    },
  }
  const context = { ...worker.context, vault: watched }
  expect(await runLot(context, runOf(lot, 'at last'))).toEqual({ done: true })
  expect((await read(ids[0] ?? ''))?.state).toBe('ready')
  expect(opened).toHaveLength(1)
  expect(opened[0]?.every((byte) => byte === 0)).toBe(true)
})

test('a spec that asks for another algorithm than the key has makes no CSR', async () => {
  const { keyId } = await importNew(worker, { algorithm: 'ed25519' })
  const { lot, ids } = await record({ keyId, spec: p256 })
  for (const take of ['1', '2', '3']) await runLot(worker.context, runOf(lot, take))
  expect(await read(ids[0] ?? '')).toMatchObject({ state: 'failed', keyId })
})
