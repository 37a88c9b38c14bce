export {
  type Account,
  administratorExists,
  ensureAdministrator,
  isPasswordOf,
  readAccount,
} from './accounts/account.ts'
export { recordAdministratorToken } from './accounts/administrator-token.ts'
export type { OpenTenant } from './accounts/open-tenant.ts'
export {
  announceAccountChange,
  type ChangedBy,
  type PageFrom,
  type Principal,
} from './accounts/principals.ts'
export { type Role, roles, tenantRoles } from './accounts/roles.ts'
export {
  createSession,
  endSession,
  prolongSession,
  readSession,
  sessionHash,
  sessionSeconds,
} from './accounts/sessions.ts'
export {
  changeTenant,
  createTenant,
  listTenants,
  type NewTenant,
  readTenant,
  type Tenant,
  type TenantChange,
} from './accounts/tenant-list.ts'
export {
  createToken,
  deleteToken,
  listTokens,
  type NewToken,
  noteTokenUse,
  readToken,
  readTokenStanding,
  type Token,
  type TokenStanding,
  tokenHash,
} from './accounts/tokens.ts'
export {
  changeUser,
  createUser,
  deleteUser,
  listUsers,
  type NewUser,
  readUser,
  type User,
  type UserChange,
} from './accounts/users.ts'
export { type ConnectionPurpose, connected, connectRedis } from './connection.ts'
export {
  accountsChannel,
  installationKeys,
  settledChannel,
  shardKeys,
  tenantKeys,
} from './keys.ts'
export type { Lane } from './lane.ts'
export { type KeyPage, type KeyWalk, listKeys, listKeysFrom } from './list-keys.ts'
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
export { hashPassword } from './password.ts'
export {
  deleteKey,
  type ImportedOrKnown,
  importKey,
  type KeyOrigin,
  type KeyRecord,
  type NewKey,
  readKey,
  readKeys,
  readSealedKey,
  type SealedKey,
  takeId,
} from './private-keys.ts'
export { type RedisTrouble, redisTrouble } from './redis-errors.ts'
export type { RequestIn, RequestRecord, RequestSummary } from './request-record.ts'
export {
  cancelRequest,
  createRequests,
  deleteRequest,
  type LotTicket,
  type NewRequest,
  readCsrs,
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
export { newestRequest, type Walk, type WalkPoint, walkRequests } from './walk-requests.ts'
export { countWorkers, forgetWorker, noteWorker } from './workers.ts'
