import { Secret } from '@csr-foundry/service'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ActingPlace,
  callOnce,
  changeUser,
  createErrand,
  createSession,
  createToken,
  createUser,
  ensureAdministrator,
  finishErrand,
  hashPassword,
  importKey,
  newErrandId,
  recordAdministratorToken,
  sessionHash,
  takeErrand,
  takeId,
  tokenHash,
} from '../../src/index.ts'
import { makeTenant, operator } from '../accounts/make-tenant.ts'
import { aSpec, beginErrand, createNew, readyResult, workOff } from '../make-requests.ts'
import { type Records, startRecords } from '../start-records.ts'

leakGuard()
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

const password = new Secret('correct horse battery staple')
const adminToken = new Secret('the token of the settings')
const clear = {
  challenge: 'challenge of the device',
  subject: 'Subject of the device',
  ref: 'rack of the device',
  csr: 'DER of the CSR',
  spki: 'DER of the public key',
  sealed: 'bytes of the private key',
  input: 'password sealed for the vault',
  result: 'encrypted key of its owner',
  idempotencyKey: 'name of the call',
}

/** Does everything that has to do with something secret; gives all that must be nowhere in the audit. */
async function useSecrets(redis: Redis): Promise<string[]> {
  await ensureAdministrator(redis, 'admin', password)
  await recordAdministratorToken(redis, 'admin', adminToken)
  const place = await makeTenant(redis, 'acme')
  const hashes = [await hashPassword(password), await hashPassword(new Secret('another'))]
  const [first = '', second = ''] = hashes
  await createUser(redis, place, { name: 'bob', password: first, roles: ['read'] }, operator)
  await changeUser(redis, place, 'bob', { password: second }, operator)
  const once = callOnce(['boss', 'POST /v1/tokens', clear.idempotencyKey], '{}')
  const { token } = await createToken(redis, place, { name: 'ci', roles: [] }, operator, once)
  const session = await createSession(redis, place, 'bob@acme', 'x')
  await makeRequest(redis, place)
  await exportKey(redis, place)
  const texts = [password, adminToken, token, session].map((secret) => secret.reveal())
  const digests = [tokenHash(token), tokenHash(adminToken), sessionHash(session), once.call]
  return [...hashes, ...texts, ...digests, once.digest, ...Object.values(clear)]
}

async function makeRequest(redis: Redis, place: ActingPlace): Promise<void> {
  const spec = {
    ...aSpec(clear.ref),
    subject: [[{ type: 'CN' as const, value: clear.subject }]],
    attributes: { challengePassword: clear.challenge },
  }
  const lot = { requests: [{ spec }], lane: 'fast', priority: 0 } as const
  const { firstId, ticket } = await createNew(redis, place, lot)
  const [csr, spki, sealed] = [clear.csr, clear.spki, clear.sealed].map((one) => Buffer.from(one))
  await workOff(redis, place, { ids: [firstId], ticket }, (id) => ({
    ...readyResult(id),
    ...(csr && spki && sealed && { csr, spki, sealed }),
  }))
}

async function exportKey(redis: Redis, place: ActingPlace): Promise<void> {
  const id = await takeId(redis, place)
  const [spki, sealed] = [Buffer.from(clear.spki), Buffer.from(clear.sealed)]
  const key = { id, algorithm: 'ecdsa-p256', custody: 'exportable', spki, sealed } as const
  await importKey(redis, place, { ...key, name: clear.ref }, [clear.idempotencyKey])
  const errand = { kind: 'export', id: newErrandId(), input: clear.input, about: id } as const
  const begun = await beginErrand(redis, await createErrand(redis, place, errand))
  await finishErrand(redis, begun.run, begun.errand, { state: 'done', result: clear.result })
  expect(await takeErrand(redis, place, errand)).toMatchObject({ result: clear.result })
}

test('nothing secret is in any entry, nor anything of subjects, names and keys', async () => {
  const { redis } = records
  const secrets = await useSecrets(redis)
  const streams = await redis.keys('*:audit')
  expect(streams).toHaveLength(2)
  const entries = await Promise.all(streams.map((stream) => redis.xrange(stream, '-', '+')))
  const text = JSON.stringify(entries)
  for (const action of ['user.change', 'token.create', 'session.create', 'export.read']) {
    expect(text).toContain(action)
  }
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10)
    for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const) {
      expect(text).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''))
    }
  }
})
