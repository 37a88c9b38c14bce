import type { Redis } from 'ioredis'
import {
  type ActingPlace,
  createErrand,
  deleteKey,
  finishErrand,
  newErrandId,
  takeErrand,
} from '../../../src/index.ts'
import { beginErrand, importOne } from '../../make-requests.ts'
import { type Change, usual } from './change.ts'

export const ofKeys: readonly Change[] = [
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

async function errandIn(redis: Redis, place: ActingPlace) {
  const about = await importOne(redis, place, 'a')
  const errand = { kind: 'export', id: newErrandId(), input: 'sealed', about } as const
  return await beginErrand(redis, await createErrand(redis, place, errand))
}
