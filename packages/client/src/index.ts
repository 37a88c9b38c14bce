export type { PasswordChange, Self } from './accounts/self.ts'
export type { NewTenant, TenantChange, Tenants } from './accounts/tenants.ts'
export type { NewToken, Tokens } from './accounts/tokens.ts'
export type { NewUser, UserChange, Users } from './accounts/users.ts'
export type { Audit, AuditOptions } from './audit.ts'
export type {
  Batches,
  CursorOptions,
  ListBatchesOptions,
  ResultsOptions,
  WaitForBatchOptions,
} from './batches/batches.ts'
export type { BatchBody } from './batches/body.ts'
export type { BatchFormat, NewBatch, SubmitProgress, Submitted } from './batches/submission.ts'
export { type BatchSummary, isSettled } from './batches/watch.ts'
export type { CallOptions } from './call.ts'
export { Client, type ClientOptions } from './client.ts'
export { type AnsweredProblem, ClientError, type OwnCode, ownCodes } from './client-error.ts'
export type { Credentials } from './credentials.ts'
export type { Failures } from './failures.ts'
export type { Health, Readiness } from './health.ts'
export type { ExportTo, KeyListOptions, Keys, NewKey } from './keys.ts'
export type { FailuresToRetry, Ops } from './ops/ops.ts'
export type { Policy } from './policy.ts'
export type {
  ListOptions,
  NewRequest,
  RequestSummary,
  Requests,
  WaitOptions,
} from './requests.ts'
export type { Retry } from './retries.ts'
