import {
  abandonIntake,
  breakIntakes,
  cancelBatch,
  deleteBatch,
  endIntake,
  retryBatch,
} from '../../../src/index.ts'
import {
  blocksOf,
  changeAll,
  makeBatch,
  newOwner,
  open,
  rejectEvery,
  takeAll,
  workOffAll,
} from '../../batches/make-batches.ts'
import { failedResult } from '../../make-requests.ts'
import { type Change, usual } from './change.ts'

export const ofBatches: readonly Change[] = [
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
