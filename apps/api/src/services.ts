import type { HeldCalls, LotQueues } from '@csr-foundry/queue'
import type { Principal, TenantPlace } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { Authenticator } from './authenticator.ts'

/** What the endpoints work with. */
export type Services = {
  readonly redis: Redis
  readonly queues: LotQueues
  readonly heldCalls: HeldCalls
  readonly authenticator: Authenticator
  readonly log: Logger
  /** How long a call is held for a result, unless the caller prefers otherwise; milliseconds. */
  readonly holdMs: number
  /** Whether the process is leaving: no longer ready, its answers close their connections. */
  readonly draining: () => boolean
}

/** What middleware hands to an endpoint. */
export type Env = {
  Variables: { requestId: string; principal: Principal; place: TenantPlace }
}
