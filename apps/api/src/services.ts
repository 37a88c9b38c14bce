import type { HeldCalls, LotQueues } from '@csr-foundry/queue'
import type { ActingPlace, OpenTenant, Principal, Role, ShardTag } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { Authenticator } from './authentication/authenticator.ts'
import type { Caller } from './authentication/caller.ts'
import type { TrustedProxies } from './authentication/client-address.ts'
import type { ReadLimit } from './authentication/read-limit.ts'
import type { RateLimit, WriteLimit } from './authentication/write-limit.ts'
import type { IntakeThread } from './intake/intake-thread.ts'
import type { KeyUploads } from './uploads/key-uploads.ts'
import type { VaultPin } from './uploads/vault-pin.ts'

/** What the endpoints work with. */
export type Services = {
  readonly redis: Redis
  readonly queues: LotQueues
  /** The shards that tenants can be made in. */
  readonly shards: readonly ShardTag[]
  readonly heldCalls: HeldCalls
  readonly authenticator: Authenticator
  readonly trustedProxies: TrustedProxies
  readonly writeLimit: WriteLimit
  readonly readLimit: ReadLimit
  readonly uploads: Pick<KeyUploads, 'take'>
  readonly vaultPin: Pick<VaultPin, 'key'>
  readonly intake: Pick<IntakeThread, 'read'>
  readonly log: Logger
  /** How long a call is held for a result, unless the caller prefers otherwise; milliseconds. */
  readonly holdMs: number
  /** How many batches of a tenant may be open at once: being taken in, or with queued requests. */
  readonly openBatches: number
  /** Whether the process is leaving: no longer ready, its answers close their connections. */
  readonly draining: () => boolean
}

/** What middleware hands to an endpoint. */
export type Env = {
  Variables: {
    requestId: string
    /** Set where the page that calls is of an origin that CORS allows. */
    originAllowed?: true
    /** The path id of the request that the call has made. */
    csrPath?: string
    /** The id of the batch that the call takes in. */
    batch?: string
    /** Where the call comes from; see client-address.ts. */
    address: string
    caller: Caller
    /** The caller's. */
    principal: Principal
    /** The caller's tenant, and who acts there: what he changes is audited so. */
    place: OpenTenant & ActingPlace
    /** The role that the endpoint asked for: a call that is held ends when it is lost. */
    roleNeeded?: Role
    /** There where writes are limited, on calls that write. */
    rateLimit?: RateLimit
    /** Set where a dialect has headers of its own for what may still be written. */
    hasOwnRateHeaders?: true
  }
}
