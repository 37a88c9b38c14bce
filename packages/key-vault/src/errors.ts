import { SetupError } from '@csr-foundry/service'

/** What can be wrong with the vault. Messages name files and ids, never key material. */
export type VaultErrorCode =
  | 'master_key_file'
  | 'master_key_lost'
  | 'master_key_other'
  | 'data_key_unknown'
  | 'vault_key_unknown'
  | 'vault_key_file'
  | 'audit_key_unknown'
  | 'sealed_damaged'
  | 'custody_internal'
  | 'rotation_waits'
  | 'rotation_other'

export class VaultError extends SetupError {
  override readonly name = 'VaultError'
  readonly code: VaultErrorCode

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
