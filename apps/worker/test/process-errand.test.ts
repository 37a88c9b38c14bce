import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
} from 'node:crypto'
import { VaultError } from '@csr-foundry/key-vault'
import { recipientJwk, sealExportPassword } from '@csr-foundry/key-vault/recipients'
import {
  type AuditReport,
  createErrand,
  type ErrandKind,
  newErrandId,
  readAudit,
  takeErrand,
} from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { runLot } from '../src/outcome.ts'
import { importNew } from './import-new.ts'
import { place, recordOf, runOf } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()

const actor = { by: 'user:eve', from: '192.0.2.7', call: 'call-7' }
const acting = { ...place, actor }
const take = (kind: ErrandKind, id: string) => takeErrand(worker.redis, acting, { kind, id })

async function order(kind: ErrandKind, input: unknown, about = '', id = newErrandId()) {
  const errand = { kind, id, input: JSON.stringify(input), about }
  const { lot } = await createErrand(worker.redis, acting, errand)
  return { lot, id }
}

/** Does an errand and gives what came of it. */
async function done(kind: ErrandKind, input: unknown, about?: string) {
  const { lot, id } = await order(kind, input, about)
  expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
  return await take(kind, id)
}

const problemOf = (code: string) => ({ state: 'failed', problem: { code } })

const reader = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const recipient = recipientJwk.parse(reader.publicKey.export({ format: 'jwk' }))

test('an audit is verified, and the report says so', async () => {
  const end = await done('verify', {})
  if (end.state !== 'done') throw new Error(end.state)
  const report = JSON.parse(end.result) as AuditReport
  expect(report).toMatchObject({ tenant: 'default', found: 0, held: 'none', findings: [] })
  const { entries } = await readAudit(worker.redis, place, { limit: 2 })
  expect(entries).toMatchObject([
    { action: 'audit.verify', outcome: 'done', actor: { by: 'worker', call: 'call-7' } },
    { action: 'audit.verify', outcome: 'asked', actor },
  ])
  const held = await done('verify', { seal: 'no seal' })
  if (held.state !== 'done') throw new Error(held.state)
  expect(JSON.parse(held.result)).toMatchObject({ held: 'not_authentic' })
})

test('a key is exported to a recipient, who opens it', async () => {
  const { keyId, spki } = await importNew(worker)
  const end = await done('export', { recipient }, keyId)
  if (end.state !== 'done') throw new Error(end.state)
  const { jwe } = JSON.parse(end.result) as { jwe: string }
  const [head = '', wrapped = '', nonce = '', text = '', tag = ''] = jwe.split('.')
  const contentKey = privateDecrypt(
    { key: reader.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(wrapped, 'base64url'),
  )
  const opening = createDecipheriv('aes-256-gcm', contentKey, Buffer.from(nonce, 'base64url'))
  opening.setAAD(Buffer.from(head)).setAuthTag(Buffer.from(tag, 'base64url'))
  const pkcs8 = Buffer.concat([opening.update(Buffer.from(text, 'base64url')), opening.final()])
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
  expect(key.export({ format: 'der', type: 'spki' })).toEqual(spki)
})

test('a key is exported under a password that was sealed for this very export', async () => {
  const { keyId, spki } = await importNew(worker)
  const publicKey = await worker.context.vault.publicKey()
  const id = newErrandId()
  const of = { tenant: 'default', keyId, n: id }
  const password = await sealExportPassword(publicKey, 'correct horse battery staple', of)
  const { lot } = await order('export', { password }, keyId, id)
  await runLot(worker.context, runOf(lot))
  const end = await take('export', id)
  if (end.state !== 'done') throw new Error(end.state)
  const { pem } = JSON.parse(end.result) as { pem: string }
  const key = createPrivateKey({ key: pem, passphrase: 'correct horse battery staple' })
  expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(spki)
  // Handed in for another export it opens nothing.
  expect(await done('export', { password }, keyId)).toMatchObject(problemOf('errand_not_done'))
})

test('a key that is gone, does not open, or is internal after all, fails its errand at once', async () => {
  const [gone, broken, internal] = [
    await importNew(worker),
    await importNew(worker),
    await importNew(worker, { custody: 'internal' }),
  ]
  const late = await order('export', { recipient }, gone.keyId)
  await worker.redis.del(recordOf(gone.keyId))
  expect(await runLot(worker.context, runOf(late.lot))).toEqual({ done: true })
  expect(await take('export', late.id)).toMatchObject(problemOf('key_not_found'))

  const foreign = await worker.redis.hgetBuffer(recordOf(internal.keyId), 'sealed')
  await worker.redis.hset(recordOf(broken.keyId), 'sealed', foreign ?? '')
  expect(await done('export', { recipient }, broken.keyId)).toMatchObject(
    problemOf('errand_not_done'),
  )
  expect(worker.logged()).toContain('stored key does not open')

  // As somebody tries who can write to Redis.
  await worker.redis.hset(recordOf(internal.keyId), 'custody', 'exportable')
  const forced = await order('export', { recipient }, internal.keyId)
  expect(await runLot(worker.context, runOf(forced.lot))).toEqual({ done: true })
  expect(await take('export', forced.id)).toMatchObject(problemOf('errand_not_done'))
  await worker.redis.hset(recordOf(internal.keyId), 'custody', 'exportable')
  const turned = await order('export', { recipient }, internal.keyId)
  await worker.redis.hset(recordOf(internal.keyId), 'custody', 'internal')
  expect(await runLot(worker.context, runOf(turned.lot))).toEqual({ done: true })
  expect(await take('export', turned.id)).toMatchObject(problemOf('key_not_exportable'))
})

test('while the vault is away an errand waits; what nobody foresaw fails it after three tries', async () => {
  const { keyId } = await importNew(worker)
  const away = new VaultError('master_key_file', 'The file cannot be read.')
  const vault = { ...worker.context.vault, exportKey: () => Promise.reject(away) }
  const waiting = await order('export', { recipient }, keyId)
  for (const name of ['1', '2', '3', '4', '5']) {
    const outcome = await runLot({ ...worker.context, vault }, runOf(waiting.lot, name))
    expect(outcome).toHaveProperty('againIn')
  }
  expect(await take('export', waiting.id)).toEqual({ state: 'queued' })
  await runLot(worker.context, runOf(waiting.lot, 'at last'))
  expect((await take('export', waiting.id)).state).toBe('done')

  const strange = await order('verify', { seal: 5 })
  expect(await runLot(worker.context, runOf(strange.lot, '1'))).toEqual({ againIn: 500 })
  expect(await runLot(worker.context, runOf(strange.lot, '2'))).toEqual({ againIn: 1_000 })
  expect(await runLot(worker.context, runOf(strange.lot, '3'))).toEqual({ done: true })
  expect(await take('verify', strange.id)).toMatchObject(problemOf('errand_not_done'))
})

test('an errand that nobody waits for any more is let go of', async () => {
  const { lot, id } = await order('verify', {})
  await worker.redis.del(`{s10}:t:default:verify:${id}`)
  expect(await runLot(worker.context, runOf(lot))).toEqual({ done: true })
  expect(await take('verify', id)).toEqual({ state: 'gone' })
  expect(await worker.redis.zcard('{s10}:lots')).toBe(0)
})

test('the log tells errands from requests, and nothing that they carry', () => {
  const lines = worker
    .logged()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const told = lines.filter(({ msg }) => msg === 'errand done')
  expect(told).toContainEqual(
    expect.objectContaining({ kind: 'verify', state: 'done', requestId: 'call-7', stored: true }),
  )
  expect(told).toContainEqual(
    expect.objectContaining({ kind: 'export', state: 'failed', code: 'key_not_found' }),
  )
  expect(lines.map(({ msg }) => msg)).not.toContain('lot done')
  expect(worker.logged()).not.toMatch(/eyJ|PRIVATE/)
  expect(worker.logged()).not.toContain(recipient.kty === 'RSA' ? recipient.n : '')
})
