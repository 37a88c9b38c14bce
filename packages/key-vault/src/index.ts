export { VaultError, type VaultErrorCode } from './errors.ts'
export { type KeyOwner, openVault, type Vault } from './vault.ts'
