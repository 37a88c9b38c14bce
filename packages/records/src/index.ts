export {
  type Account,
  administratorExists,
  ensureAdministrator,
  isPasswordOf,
  readAccount,
} from './accounts/account.ts'
export { recordAdministratorToken } from './accounts/administrator-token.ts'
export { announceAccountChange } from './accounts/announce-account-change.ts'
export type { OpenTenant } from './accounts/open-tenant.ts'
export type {
  ChangedBy,
  PageFrom,
  Principal,
} from './accounts/principals.ts'
export { type Role, roles, tenantRoles } from './accounts/roles.ts'
export {
  createSession,
  endSession,
  prolongSession,
  readSession,
  type SessionKind,
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
export { type AuditAction, auditActions } from './audit/actions.ts'
export {
  type ActingPlace,
  type Actor,
  installationActor,
  retentionActor,
  workerActor,
} from './audit/actor.ts'
export {
  type ChainedEntry,
  type ChainPoint,
  chainStart,
  contentOf,
  extendChain,
  idOctets,
  idOf,
  idOrder,
  isSamePoint,
  parseSealText,
  recordOf,
  recordOrder,
  type Seal,
  sealedText,
  sealText,
  splitRecords,
} from './audit/chain.ts'
export {
  type AuditEntry,
  type AuditPage,
  audited,
  type Note,
  readAudit,
  writeAuditEntry,
} from './audit/entries.ts'
export {
  type AuditFinding,
  type AuditFindingKind,
  type AuditReport,
  auditFindings,
  type HeldSealState,
} from './audit/report.ts'
export {
  leaseAudit,
  type NewSeal,
  readChainedEntries,
  readNewestSeal,
  readSeals,
  readSealsBefore,
  type StoredSeal,
  storeSeal,
  unsealedTenants,
} from './audit/seals.ts'
export {
  type BatchChange,
  type BatchCounts,
  type BatchMode,
  type BatchRecord,
  type BatchState,
  findBatchByKey,
  listBatches,
  readBatch,
} from './batches/batch-record.ts'
export {
  type BatchResult,
  type Block,
  listRejected,
  type ResultPage,
  readBlockResults,
  readBlocks,
  readResults,
} from './batches/block-results.ts'
export { blockSize } from './batches/block-size.ts'
export {
  type ChangeAsked,
  type Changed,
  cancelBatch,
  changeBatches,
  changeBlocks,
  deleteBatch,
  retryBatch,
} from './batches/change-batch.ts'
export {
  abandonIntake,
  type BlockRow,
  type BlockTaken,
  breakIntakes,
  endIntake,
  holdIntake,
  type NewBatch,
  type NewBlock,
  type Opened,
  openBatch,
  type RejectedRow,
  takeBlock,
} from './batches/intake.ts'
export { type ConnectionPurpose, connected, connectRedis } from './connection.ts'
export {
  createErrand,
  type Errand,
  type ErrandEnd,
  type ErrandKind,
  errandName,
  finishErrand,
  type NewErrand,
  newErrandId,
  takeErrand,
} from './errands.ts'
export { FiguresReader } from './figures/figures-reader.ts'
export {
  addHistograms,
  bucketBounds,
  type Histogram,
  type Percentiles,
  percentile,
  percentilesOf,
} from './figures/histogram.ts'
export {
  addLanes,
  emptyLane,
  failedIn,
  type LaneFigures,
  laneNames,
  type MinuteFigures,
  readyIn,
  type ServerFigures,
} from './figures/minute.ts'
export { noteLoad } from './figures/note-load.ts'
export { type LaneLoad, type LanesLoad, readLanes } from './figures/read-lanes.ts'
export {
  type LaneOverview,
  type Overview,
  OverviewSource,
  readOverview,
} from './figures/read-overview.ts'
export { readServer, type ServerState } from './figures/read-server.ts'
export {
  countSwept,
  type HistogramTotal,
  type LaneTotals,
  readTotals,
} from './figures/read-totals.ts'
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
export { callOnce, type Once } from './once.ts'
export {
  countDeadLots,
  type DeadLot,
  type DeadLotPoint,
  listDeadLots,
  retryDeadLot,
} from './operations/dead-lots.ts'
export {
  type FailureGroup,
  type Failures,
  type FailuresOfTenant,
  readAllFailures,
  readFailures,
} from './operations/failures.ts'
export {
  type Retried,
  type RetryPoint,
  retryFailures,
  retryOwnFailures,
} from './operations/retry-failures.ts'
export {
  drainWorker,
  forgetOrders,
  type LotsAtOnce,
  type LotsAtOnceChange,
  type Orders,
  readConcurrency,
  readOrders,
  resumeWorker,
  setConcurrency,
  setWorkerConcurrency,
} from './operations/worker-orders.ts'
export { type NewRequest, type PackedRequest, packRequest } from './packed-request.ts'
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
export { redisTime } from './redis-time.ts'
export type { RequestIn, RequestRecord, RequestSummary } from './request-record.ts'
export {
  cancelRequest,
  createRequests,
  deleteRequest,
  type LotTicket,
  type NewRequests,
  readCsrs,
  readReady,
  readRequest,
  retryRequest,
  type TenantPlace,
} from './requests.ts'
export { type Expired, expire, leaseRetention, type Retention } from './retention.ts'
export { followCleanEnd, markCleanEnd } from './run-mark.ts'
export { checkServer, requireUsableServer, type ServerFindings } from './server-check.ts'
export { maxShards, type ShardTag, shardTag, shardTags } from './shards.ts'
export { shardsSetting } from './shards-setting.ts'
export { firstState, type RequestState, type Transition, transitions } from './state-machine.ts'
export {
  forgetSupervisor,
  noteSupervisor,
  readSupervisors,
  type SupervisorReport,
} from './supervisors.ts'
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
export {
  countWorkers,
  type DeadWorker,
  forgetWorker,
  noteWorker,
  noteWorkerDeath,
  readDeadWorkers,
  readWorkers,
  type SeenWorker,
  type WorkerReport,
} from './workers.ts'
export { readWriteRefusal, type WriteRefusal } from './write-refusal.ts'
