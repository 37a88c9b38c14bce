import { deleteRequest } from '../../../src/index.ts'
import { makeBatch, workOffAll } from '../../batches/make-batches.ts'
import { create, failedResult, workOff } from '../../make-requests.ts'
import { day, expireAll, makeBatchOlder, makeOlder } from '../../retention/old-records.ts'
import { type Change, usual } from './change.ts'

export const ofRetention: readonly Change[] = [
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
