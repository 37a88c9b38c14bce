import {
  cancelRequest,
  completeLot,
  deleteRequest,
  retryOwnFailures,
  retryRequest,
  startLot,
} from '../../../src/index.ts'
import { create, failedResult, newRun, readyResult, workOff } from '../../make-requests.ts'
import { type Change, usual } from './change.ts'

export const ofRequests: readonly Change[] = [
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
