export {
  type Account,
  announceAccountChange,
  ensureAdministrator,
  isPasswordOf,
  loginExists,
  type Principal,
  type Role,
  readAccount,
} from './accounts.ts'
export { type ConnectionPurpose, connected, connectRedis } from './connection.ts'
export {
  accountsChannel,
  installationKeys,
  settledChannel,
  shardKeys,
  tenantKeys,
} from './keys.ts'
export {
  completeLot,
  findLostLots,
  giveBackLot,
  type LotRun,
  type LotStart,
  type RequestResult,
  startLot,
  type WaitingRequest,
} from './lots.ts'
export type { KeyOrigin, KeyRecord } from './private-keys.ts'
export { type RedisTrouble, redisTrouble } from './redis-errors.ts'
export {
  cancelRequest,
  createRequests,
  deleteRequest,
  type LotTicket,
  type NewRequest,
  type RequestRecord,
  readRequest,
  retryRequest,
  type TenantPlace,
} from './requests.ts'
export { followCleanEnd, markCleanEnd } from './run-mark.ts'
export { checkServer, requireUsableServer, type ServerFindings } from './server-check.ts'
export { maxShards, type ShardTag, shardTag, shardTags } from './shards.ts'
export { firstState, type RequestState, type Transition, transitions } from './state-machine.ts'
export {
  changePolicy,
  defaultTenant,
  findTenant,
  type LxcaSpec,
  lxcaSpecs,
  type Policy,
  readPolicy,
} from './tenants.ts'
export { countWorkers, forgetWorker, noteWorker } from './workers.ts'
