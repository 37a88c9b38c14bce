/** Every change that the audit tells of: how it is brought about, and what its entry says. */
import type { Redis } from 'ioredis'
import {
  type ActingPlace,
  type AuditAction,
  abandonIntake,
  breakIntakes,
  cancelBatch,
  cancelRequest,
  changePolicy,
  changeTenant,
  changeUser,
  completeLot,
  createErrand,
  createSession,
  createTenant,
  createToken,
  createUser,
  deleteBatch,
  deleteKey,
  deleteRequest,
  deleteToken,
  deleteUser,
  endIntake,
  endSession,
  finishErrand,
  newErrandId,
  retryBatch,
  retryOwnFailures,
  retryRequest,
  startLot,
  takeErrand,
} from '../../src/index.ts'
import { operator } from '../accounts/make-tenant.ts'
import {
  blocksOf,
  changeAll,
  makeBatch,
  newOwner,
  open,
  rejectEvery,
  takeAll,
  workOffAll,
} from '../batches/make-batches.ts'
import { create, failedResult, importOne, newRun, readyResult, workOff } from '../make-requests.ts'
import { day, expireAll, makeBatchOlder, makeOlder } from '../retention/old-records.ts'

type Act = (redis: Redis) => Promise<unknown>

export type Change = {
  readonly what: string
  readonly action: AuditAction
  /** What the entry names; of a token the id that was made for it. */
  readonly ids: readonly string[] | 'token'
  readonly outcome: string
  readonly by: 'caller' | 'worker' | 'retention'
  /** Whether it is one script that also writes the entry; the others write the entry first. */
  readonly isScript: boolean
  /** What becomes of it in a Redis without room: what ends something is still made. */
  readonly whenFull: 'made' | 'refused'
  /** Brings a tenant so far that the change can be made, and gives the change. */
  readonly arrange: (redis: Redis, place: ActingPlace) => Act | Promise<Act>
}

const usual = { outcome: 'done', by: 'caller', isScript: true, whenFull: 'refused' } as const
const password = 'scrypt of nothing'
const reader = { name: 'bob', password, roles: ['read'] as const }

async function errandIn(redis: Redis, place: ActingPlace) {
  const about = await importOne(redis, place, 'a')
  const errand = { kind: 'export', id: newErrandId(), input: 'sealed', about } as const
  const run = newRun(await createErrand(redis, place, errand))
  const start = await startLot(redis, run)
  if (start.kind !== 'errand') throw new Error(`The start is ${start.kind}.`)
  return { run, errand: start.errand }
}

const ofRequests: readonly Change[] = [
  {
    ...usual,
    what: 'a create of several requests',
    action: 'request.create',
    ids: ['1', '2', '3'],
    arrange: (_, place) => (redis) => create(redis, place, 3),
  },
  {
    ...usual,
    what: 'a retry',
    action: 'request.retry',
    ids: ['1'],
    arrange: async (redis, place) => {
      await workOff(redis, place, await create(redis, place), failedResult)
      return (acting) => retryRequest(acting, place, '1', { priority: 0 })
    },
  },
  {
    ...usual,
    what: 'a retry of what has failed with one code',
    action: 'request.retry',
    ids: ['2', '1'],
    arrange: async (redis, place) => {
      await workOff(redis, place, await create(redis, place, 2), failedResult)
      return (acting) => retryOwnFailures(acting, place, { code: 'csr_not_made' })
    },
  },
  {
    ...usual,
    what: 'a delete of a request',
    action: 'request.delete',
    ids: ['2'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await workOff(redis, place, await create(redis, place, 2))
      return (acting) => deleteRequest(acting, place, '2')
    },
  },
  {
    ...usual,
    what: 'a cancel',
    action: 'request.cancel',
    ids: ['1'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await create(redis, place)
      return (acting) => cancelRequest(acting, place, '1')
    },
  },
  {
    ...usual,
    what: 'the end of a lot, of which one request failed',
    action: 'request.complete',
    ids: ['1', '2', '3'],
    outcome: '2 ready, 1 failed',
    by: 'worker',
    arrange: async (redis, place) => {
      const run = newRun((await create(redis, place, 4)).ticket)
      await startLot(redis, run)
      await cancelRequest(redis, place, '4')
      const ready = ['1', '3', '3', '4'].map((id) => readyResult(id))
      const results = [failedResult('2'), ...ready].sort((a, b) => Number(a.id) - Number(b.id))
      return (acting) => completeLot(acting, run, place.tenant, results)
    },
  },
  {
    ...usual,
    what: 'the end of a lot that has killed two workers',
    action: 'request.complete',
    ids: ['1'],
    outcome: '0 ready, 1 failed',
    by: 'worker',
    arrange: async (redis, place) => {
      const { ticket } = await create(redis, place)
      for (let i = 0; i < 2; i++) await startLot(redis, newRun(ticket))
      return (acting) => startLot(acting, newRun(ticket))
    },
  },
]

const ofKeys: readonly Change[] = [
  {
    ...usual,
    what: 'an import of a key',
    action: 'key.import',
    ids: ['1'],
    arrange: (_, place) => (redis) => importOne(redis, place, 'a'),
  },
  {
    ...usual,
    what: 'a delete of a key',
    action: 'key.delete',
    ids: ['1'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      const id = await importOne(redis, place, 'a')
      return (acting) => deleteKey(acting, place, id)
    },
  },
  {
    ...usual,
    what: 'an export that is asked for',
    action: 'key.export',
    ids: ['1'],
    outcome: 'asked',
    arrange: async (redis, place) => {
      const about = await importOne(redis, place, 'a')
      const errand = { kind: 'export', id: newErrandId(), input: '', about } as const
      return (acting) => createErrand(acting, place, errand)
    },
  },
  {
    ...usual,
    what: 'an export that is made',
    action: 'key.export',
    ids: ['1'],
    by: 'worker',
    arrange: async (redis, place) => {
      const { run, errand } = await errandIn(redis, place)
      return (acting) => finishErrand(acting, run, errand, { state: 'done', result: 'x' })
    },
  },
  {
    ...usual,
    what: 'an export that is taken',
    action: 'export.read',
    ids: ['1'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      const { run, errand } = await errandIn(redis, place)
      await finishErrand(redis, run, errand, { state: 'done', result: 'x' })
      return (acting) => takeErrand(acting, place, errand)
    },
  },
]

const ofAccounts: readonly Change[] = [
  {
    ...usual,
    what: 'a new user',
    action: 'user.create',
    ids: ['bob'],
    arrange: (_, place) => (redis) => createUser(redis, place, reader, operator),
  },
  {
    ...usual,
    what: 'other roles of a user',
    action: 'user.change',
    ids: ['bob'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await createUser(redis, place, reader, operator)
      return (acting) => changeUser(acting, place, 'bob', { roles: [] }, operator)
    },
  },
  {
    ...usual,
    what: 'a new password of a user',
    action: 'user.change',
    ids: ['boss'],
    arrange: (_, place) => (redis) =>
      changeUser(redis, place, 'boss', { password: 'scrypt of another' }, operator),
  },
  {
    ...usual,
    what: 'a delete of a user',
    action: 'user.delete',
    ids: ['bob'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await createUser(redis, place, reader, operator)
      return (acting) => deleteUser(acting, place, 'bob', operator)
    },
  },
  {
    ...usual,
    what: 'a new token',
    action: 'token.create',
    ids: 'token',
    arrange: (_, place) => async (redis) =>
      (await createToken(redis, place, { name: 'ci', roles: [] }, operator)).made.id,
  },
  {
    ...usual,
    what: 'a delete of a token',
    action: 'token.delete',
    ids: 'token',
    whenFull: 'made',
    arrange: async (redis, place) => {
      const { made } = await createToken(redis, place, { name: 'ci', roles: [] }, operator)
      return async (acting) => (await deleteToken(acting, place, made.id, operator)) && made.id
    },
  },
  {
    ...usual,
    what: 'a session that begins',
    action: 'session.create',
    ids: ['boss@acme'],
    isScript: false,
    arrange: (_, place) => (redis) => createSession(redis, place, 'boss@acme', 'x'),
  },
  {
    ...usual,
    what: 'a session that ends',
    action: 'session.end',
    ids: ['boss@acme'],
    isScript: false,
    arrange: async (redis, place) => {
      const session = await createSession(redis, place, 'boss@acme', 'x')
      return (acting) => endSession(acting, place, session)
    },
  },
]

const ofTenants: readonly Change[] = [
  {
    ...usual,
    what: 'a new tenant',
    action: 'tenant.create',
    ids: ['rival'],
    isScript: false,
    arrange: (_, place) => (redis) =>
      createTenant(redis, place, 1, { name: 'rival', administrator: reader }),
  },
  {
    ...usual,
    what: 'a tenant that is closed',
    action: 'tenant.change',
    ids: ['acme'],
    isScript: false,
    arrange: (_, place) => (redis) => changeTenant(redis, place, 'acme', { closed: true }),
  },
  {
    ...usual,
    what: 'another policy',
    action: 'policy.change',
    ids: ['lxcaSpec=CNSA', 'defaultKey=ed25519'],
    isScript: false,
    arrange: (_, place) => (redis) =>
      changePolicy(redis, place, { lxcaSpec: 'CNSA', defaultKey: 'ed25519' }),
  },
]

const ofBatches: readonly Change[] = [
  {
    ...usual,
    what: 'a new batch',
    action: 'batch.create',
    ids: ['1'],
    arrange: (_, place) => (redis) => open(redis, place, { once: { call: 'x' } }),
  },
  {
    ...usual,
    what: 'a batch that is gone on with',
    action: 'batch.resume',
    ids: ['1'],
    arrange: async (redis, place) => {
      const call = { once: { call: 'x' }, lease: 0 }
      await open(redis, place, call)
      return (acting) => open(acting, place, call)
    },
  },
  {
    ...usual,
    what: 'a block of a batch',
    action: 'request.create',
    ids: ['3', '4'],
    arrange: async (redis, place) => {
      const owner = newOwner()
      const id = await open(redis, place, { owner })
      const blocks = blocksOf({ rows: 3, isRejected: rejectEvery(3) }, owner)
      return (acting) => takeAll(acting, place, id, blocks)
    },
  },
  {
    ...usual,
    what: 'the end of an intake',
    action: 'batch.end',
    ids: ['1'],
    outcome: '2 accepted, 1 rejected',
    whenFull: 'made',
    arrange: async (redis, place) => {
      const owner = newOwner()
      const id = await open(redis, place, { owner })
      await takeAll(redis, place, id, blocksOf({ rows: 3, isRejected: rejectEvery(3) }, owner))
      return (acting) => endIntake(acting, place, id, owner)
    },
  },
  {
    ...usual,
    what: 'the end of an intake of which nothing is taken',
    action: 'batch.end',
    ids: ['1'],
    outcome: '2 accepted, 1 rejected, nothing taken',
    whenFull: 'made',
    arrange: async (redis, place) => {
      const owner = newOwner()
      const id = await open(redis, place, { owner, mode: 'atomic' })
      await takeAll(redis, place, id, blocksOf({ rows: 3, isRejected: rejectEvery(3) }, owner))
      return (acting) => endIntake(acting, place, id, owner)
    },
  },
  {
    ...usual,
    what: 'an intake that its client leaves',
    action: 'batch.break',
    ids: ['1'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      const owner = newOwner()
      const id = await open(redis, place, { owner })
      return (acting) => abandonIntake(acting, place, id, owner)
    },
  },
  {
    ...usual,
    what: 'an intake whose lease is over',
    action: 'batch.break',
    ids: ['1'],
    by: 'worker',
    whenFull: 'made',
    arrange: async (redis, place) => {
      await open(redis, place, { lease: 0 })
      return (acting) => breakIntakes(acting, place.shard)
    },
  },
  ...(['cancel', 'retry', 'delete'] as const).map((change): Change => {
    const ask = { cancel: cancelBatch, retry: retryBatch, delete: deleteBatch }[change]
    return {
      ...usual,
      what: `a ${change} of a batch that is asked for`,
      action: `batch.${change}`,
      ids: ['1'],
      whenFull: 'made',
      arrange: async (redis, place) => {
        const { id } = await makeBatch(redis, place, { rows: 3 })
        return (acting) => ask(acting, place, id)
      },
    }
  }),
  ...(['cancel', 'retry', 'delete'] as const).map((change): Change => {
    const ask = { cancel: cancelBatch, retry: retryBatch, delete: deleteBatch }[change]
    return {
      ...usual,
      what: `a ${change} of a block of a batch`,
      action: `request.${change}`,
      ids: ['2', '3', '4'],
      whenFull: change === 'retry' ? 'refused' : 'made',
      arrange: async (redis, place) => {
        const { id, tickets } = await makeBatch(redis, place, { rows: 3 })
        if (change === 'retry') await workOffAll(redis, tickets, failedResult)
        await ask(redis, place, id)
        return (acting) => changeAll(acting, place, id)
      },
    }
  }),
  {
    ...usual,
    what: 'a release of a block of an atomic batch',
    action: 'request.release',
    ids: ['2', '3', '4'],
    arrange: async (redis, place) => {
      const owner = newOwner()
      const id = await open(redis, place, { owner, mode: 'atomic' })
      await takeAll(redis, place, id, blocksOf({ rows: 3 }, owner))
      await endIntake(redis, place, id, owner)
      return (acting) => changeAll(acting, place, id)
    },
  },
]

const ofRetention: readonly Change[] = [
  {
    ...usual,
    what: 'a removal of requests after their time',
    action: 'request.delete',
    ids: ['1-2', '4'],
    outcome: '3 removed',
    by: 'retention',
    whenFull: 'made',
    arrange: async (redis, place) => {
      await workOff(redis, place, await create(redis, place, 4), failedResult)
      await deleteRequest(redis, place, '3')
      await makeOlder(redis, place, ['1', '2', '4'], 2 * day)
      return (acting) => expireAll(acting, place)
    },
  },
  {
    ...usual,
    what: 'a removal of a batch after its time',
    action: 'batch.delete',
    ids: ['1'],
    by: 'retention',
    whenFull: 'made',
    arrange: async (redis, place) => {
      const { id, tickets } = await makeBatch(redis, place, { rows: 3 })
      await workOffAll(redis, tickets, failedResult)
      await makeBatchOlder(redis, place, { id, rows: ['2', '3', '4'] }, 2 * day)
      return (acting) => expireAll(acting, place)
    },
  },
]

export const changes: readonly Change[] = [
  ...ofRequests,
  ...ofBatches,
  ...ofRetention,
  ...ofKeys,
  ...ofAccounts,
  ...ofTenants,
]
