import type { Redis } from 'ioredis'
import type { ActingPlace, AuditAction } from '../../../src/index.ts'

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

/** What most of them have in common. */
export const usual = { outcome: 'done', by: 'caller', isScript: true, whenFull: 'refused' } as const
