export {
  accountListQuery,
  type NewTokenView,
  newTenantBody,
  newTokenBody,
  newTokenView,
  newUserBody,
  passwordChange,
  role,
  type SelfView,
  selfView,
  type TenantView,
  type TokenView,
  tenantChange,
  tenantListView,
  tenantName,
  tenantView,
  tokenId,
  tokenListView,
  tokenView,
  type UserView,
  userChange,
  userListView,
  userName,
  userView,
} from './accounts.ts'
export { cursor, idSchema, limitOf, moment, times } from './fields.ts'
export {
  custody,
  type KeyView,
  keyAlgorithm,
  keyListQuery,
  keyListView,
  keyName,
  keyNameText,
  keyView,
  newKeyBody,
} from './keys.ts'
export { type PolicyView, policyChange, policyView } from './policy.ts'
export { type ProblemView, problemView } from './problem.ts'
export {
  type NewRequestBody,
  type RequestListQuery,
  type RequestListView,
  type RequestView,
  requestListQuery,
  requestListView,
  requestView,
} from './requests.ts'
