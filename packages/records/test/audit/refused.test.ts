import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  changePolicy,
  changeTenant,
  changeUser,
  completeLot,
  createErrand,
  createRequests,
  createSession,
  createToken,
  createUser,
  deleteKey,
  deleteRequest,
  deleteToken,
  deleteUser,
  endSession,
  finishErrand,
  importKey,
  newErrandId,
  retryRequest,
  startLot,
  takeErrand,
  takeId,
} from '../../src/index.ts'
import { makeTenant, operator } from '../accounts/make-tenant.ts'
import {
  aSpec,
  create,
  importOne,
  newRun,
  readyResult,
  signedResult,
  workOff,
} from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import { type Records, startRecords } from '../start-records.ts'

leakGuard()
let records: Records
let redis: Redis
let place: ActingPlace
/** A request that is ready, signed with the key that it uses, and one that is queued. */
let made: Awaited<ReturnType<typeof arrange>>
beforeAll(async () => {
  records = await startRecords()
  redis = records.redis
  place = await makeTenant(redis, 'acme')
  made = await arrange()
})
afterAll(() => records.stop())

async function arrange() {
  const keyId = await importOne(redis, place, 'a')
  const done = await create(redis, place, 1, { keyId })
  await workOff(redis, place, done, (id) => signedResult(id, keyId))
  const queued = await create(redis, place)
  await startLot(redis, newRun(queued.ticket))
  const session = await createSession(redis, place, 'boss@acme', 'x')
  await endSession(redis, place, session)
  const internal = await create(redis, place)
  await workOff(redis, place, internal)
  const id = (of: typeof done) => of.ids[0] ?? ''
  return {
    keyId,
    done,
    ready: id(done),
    queued: id(queued),
    queuedRun: newRun(queued.ticket),
    session,
    internal: id(internal),
  }
}

const weak = { name: 'weak', roles: ['admin'] as const }
const errandOf = (about: string) =>
  ({ kind: 'export', id: newErrandId(), input: '', about }) as const
const gone = { ...errandOf('1'), tenant: 'acme', call: '' }
const createOne = (more: { queuedLimit?: number; keyId?: string }) => {
  const { queuedLimit, keyId } = more
  const requests = [{ spec: aSpec(), ...(keyId && { keyId }) }]
  const lot = { requests, lane: 'fast', priority: 0 } as const
  return createRequests(redis, place, { ...lot, ...(queuedLimit !== undefined && { queuedLimit }) })
}

const known = async () => {
  const [algorithm, custody, sealed] = ['ecdsa-p384', 'exportable', Buffer.from('other')] as const
  const key = { algorithm, custody, sealed, spki: Buffer.from('spki of a') }
  return await importKey(redis, place, { ...key, id: await takeId(redis, place) })
}

const refusals: Record<string, () => Promise<unknown>> = {
  'a create beyond the limit': () => createOne({ queuedLimit: 1 }),
  'a create with a key that is not there': () => createOne({ keyId: '99' }),
  'a retry of what has not failed': () => retryRequest(redis, place, made.ready, { priority: 0 }),
  'a delete of what is not there': () => deleteRequest(redis, place, '99'),
  'a cancel of what is ready': () => cancelRequest(redis, place, made.ready),
  'a result that comes a second time': () =>
    completeLot(redis, newRun(made.done.ticket), 'acme', [readyResult(made.ready)]),
  'a result with another key than the request names': () =>
    completeLot(redis, made.queuedRun, 'acme', [signedResult(made.queued, made.keyId)]),
  'an import of a key that is there': known,
  'a delete of a key in use': () => deleteKey(redis, place, made.keyId),
  'a delete of a key that is not there': () => deleteKey(redis, place, '99'),
  'an export of a key that never leaves': () => createErrand(redis, place, errandOf(made.internal)),
  'an export of a key that is not there': () => createErrand(redis, place, errandOf('99')),
  'an export that nobody waits for': () =>
    finishErrand(redis, made.queuedRun, gone, { state: 'done', result: '' }),
  'a second take': () => takeErrand(redis, place, gone),
  'a user of a taken name': () =>
    createUser(redis, place, { name: 'boss', password: '', roles: [] }, operator),
  'a user with roles that are not to be given': () =>
    createUser(redis, place, { name: 'bob', password: '', roles: ['operate'] }, weak),
  'roles without the last administrator': () =>
    changeUser(redis, place, 'boss', { roles: [] }, operator),
  'a change of nobody': () => changeUser(redis, place, 'nobody', { roles: [] }, operator),
  'a delete of nobody': () => deleteUser(redis, place, 'nobody', operator),
  'a delete of the last administrator': () => deleteUser(redis, place, 'boss', operator),
  'a token with roles that are not to be given': () =>
    createToken(redis, place, { name: 'ci', roles: ['operate'] }, weak),
  'a delete of a token that is not there': () => deleteToken(redis, place, '99', operator),
  'a change of a tenant that is not there': () =>
    changeTenant(redis, place, 'never', { closed: true }),
  'a policy that changes nothing': () => changePolicy(redis, place, {}),
  'a session that has ended': () => endSession(redis, place, made.session),
}

test.each(Object.entries(refusals))('%s changes nothing and writes no entry', async (_, act) => {
  const whatCounts = async () =>
    Object.entries(await snapshot(redis)).filter(([name]) => !name.endsWith(':next-id'))
  const before = await whatCounts()
  await act().catch((error) => {
    expect(error).toMatchObject({ code: expect.any(String) })
  })
  expect(await whatCounts()).toEqual(before)
})
