/**
 * The names of all keys in Redis, for TypeScript and for the scripts: nothing else builds one.
 *
 * Rules: everything of a tenant carries the tag of the tenant's shard, so that any change is one script, on a cluster too.
 * The keys in `installationKeys` have slots of their own and are used by single-key commands only.
 */
import type { ShardTag } from './shards.ts'

export const installationKeys = {
  tenants: 'tenants',
  masters: 'vault:masters',
  vaultKey: (kid: string) => `vault:key:${kid}`,
  auditKey: (kid: string) => `vault:audit:${kid}`,
  /** What master keys each process has, and who rotates them. */
  masterHolders: 'vault:holders',
  rotationLease: 'vault:rotation',
  /** When each worker process was heard of last. */
  workers: 'workers',
  /** What a worker process said of itself. */
  worker: (id: string) => `worker:${id}`,
  deadWorkers: 'workers:dead',
  supervisors: 'supervisors',
  /** What operators have set for all worker processes, and for one of them. */
  operations: 'operations',
  operationsOf: (worker: string) => `operations:${worker}`,
  tenant: (tenant: string) => `tenant:${tenant}`,
  login: (name: string) => `login:${name}`,
  token: (sha256: string) => `token:${sha256}`,
  session: (sha256: string) => `session:${sha256}`,
  sessionsOf: (login: string) => `sessions:${login}`,
  loginFailures: 'login-failures',
  loginStops: 'login-stops',
  loginStopped: 'login-stopped',
  writes: 'writes',
  /** Never there: Redis is asked to write it where it is, to hear whether it takes writes. */
  nothing: 'nothing',
} as const

/** Channel on which every change of an account, a token, a session or a tenant is published, by its name. */
export const accountsChannel = 'accounts'

/**
 * Channel of a shard on which `<tenant> <id>` is published when a single request has reached its end, and `<tenant> batch:<id>`
 * when a batch has moved: once for each lot or block of it.
 */
export const settledChannel = (shard: ShardTag) => `${shard}:settled`

export const shardKeys = (shard: ShardTag) => ({
  lot: (lot: string) => `${shard}:lot:${lot}`,
  lots: `${shard}:lots`,
  deadLots: `${shard}:lots:dead`,
  /** What lots of a lane take lately, and what became of them since Redis is there. */
  lane: (lane: string) => `${shard}:lane:${lane}`,
  /** Virtual time of a lane and each tenant's last tag, for as long as a bulk lot is in it. */
  laneTags: (lane: string) => `${shard}:lane:${lane}:tags`,
  /** What became of the lots of a lane in one minute (Unix time in minutes); `server` instead of a lane: what was seen of Redis and the workers. */
  minuteStats: (lane: string, minute: number | string) => `${shard}:stats:${lane}:${minute}`,
  dataKey: (id: string) => `${shard}:vault:datakey:${id}`,
  cleanRuns: `${shard}:clean-runs`,
  /** When a backup was restored last (Unix time in ms): from there on ids are given. An operator's alone to set. */
  restored: `${shard}:restored`,
  /** Tenants whose audit has entries that no seal covers yet. */
  auditUnsealed: `${shard}:audit:unsealed`,
  auditLease: `${shard}:audit:lease`,
  retentionLease: `${shard}:retention:lease`,
  /** `<tenant> <batch>` of those that are taken in, by the end of their lease. */
  intakes: `${shard}:intakes`,
  /** `<tenant> <batch>` of those that are changed as a whole. */
  changingBatches: `${shard}:batches:changing`,
})

export const tenantKeys = (shard: ShardTag, tenant: string) => ({
  request: (id: string) => `${shard}:t:${tenant}:request:${id}`,
  key: (id: string) => `${shard}:t:${tenant}:key:${id}`,
  keyUses: (id: string) => `${shard}:t:${tenant}:key:${id}:uses`,
  keys: `${shard}:t:${tenant}:keys`,
  unusedKeys: `${shard}:t:${tenant}:keys:unused`,
  spki: (sha256: string) => `${shard}:t:${tenant}:spki:${sha256}`,
  failed: `${shard}:t:${tenant}:failed`,
  counts: `${shard}:t:${tenant}:counts`,
  nextId: `${shard}:t:${tenant}:next-id`,
  principals: `${shard}:t:${tenant}:principals`,
  tokenUses: `${shard}:t:${tenant}:token-uses`,
  errand: (kind: string, id: string) => `${shard}:t:${tenant}:${kind}:${id}`,
  audit: `${shard}:t:${tenant}:audit`,
  auditSeals: `${shard}:t:${tenant}:audit-seals`,
  idem: (call: string) => `${shard}:t:${tenant}:idem:${call}`,
  batch: (id: string) => `${shard}:t:${tenant}:batch:${id}`,
  batchBlocks: (id: string) => `${shard}:t:${tenant}:batch:${id}:blocks`,
  batchRejected: (id: string) => `${shard}:t:${tenant}:batch:${id}:rejected`,
  batches: `${shard}:t:${tenant}:batches`,
  openBatches: `${shard}:t:${tenant}:batches:open`,
  retention: `${shard}:t:${tenant}:retention`,
  /** Ids of requests that retention has passed and will look at again. */
  retentionLater: `${shard}:t:${tenant}:retention:later`,
})

/** The same names for the scripts. `shard` is the first key that a script is given, the tag itself. */
export const luaKeys = `
local shard = KEYS[1]
local function of_tenant(tenant, name) return shard .. ':t:' .. tenant .. ':' .. name end
local function request_key(tenant, id) return of_tenant(tenant, 'request:' .. id) end
local function key_key(tenant, id) return of_tenant(tenant, 'key:' .. id) end
local function uses_key(tenant, id) return of_tenant(tenant, 'key:' .. id .. ':uses') end
local function idem_key(tenant, hash) return of_tenant(tenant, 'idem:' .. hash) end
local function errand_key(tenant, kind, id) return of_tenant(tenant, kind .. ':' .. id) end
local function batch_key(tenant, id) return of_tenant(tenant, 'batch:' .. id) end
local function blocks_key(tenant, id) return of_tenant(tenant, 'batch:' .. id .. ':blocks') end
local function rejected_key(tenant, id) return of_tenant(tenant, 'batch:' .. id .. ':rejected') end
local intakes_key = shard .. ':intakes'
local changing_batches_key = shard .. ':batches:changing'
local audit_unsealed_key = shard .. ':audit:unsealed'
local function lot_key(lot) return shard .. ':lot:' .. lot end
local lots_key = shard .. ':lots'
local dead_lots_key = shard .. ':lots:dead'
local next_lot_key = shard .. ':next-lot'
local clean_runs_key = shard .. ':clean-runs'
local restored_key = shard .. ':restored'
local settled_channel = shard .. ':settled'
local accounts_channel = '${accountsChannel}'
local function lane_key(lane) return shard .. ':lane:' .. lane end
local function minute_stats_key(lane, minute) return shard .. ':stats:' .. lane .. ':' .. minute end
local function tags_key(lane) return shard .. ':lane:' .. lane .. ':tags' end
local function queue_key(lane, name) return shard .. ':' .. lane .. ':' .. name end
local function job_key(lane, lot) return shard .. ':' .. lane .. ':lot-' .. lot end
`
