import { type Vault, VaultError } from '@csr-foundry/key-vault'
import type { WorkFigures } from './work-figures.ts'

/** The same vault, whose operations are timed and their failures counted. */
export function measuredVault(vault: Vault, figures: WorkFigures): Vault {
  const measured = async <Result>(operation: string, work: () => Promise<Result>) => {
    const began = performance.now()
    try {
      return await work()
    } catch (error) {
      const code = error instanceof VaultError ? error.code : 'other'
      figures.vaultFailures.add(`${operation} ${code}`)
      throw error
    } finally {
      figures.vaultOperations.observe(operation, (performance.now() - began) / 1_000)
    }
  }
  return {
    seal: (...given) => measured('seal', () => vault.seal(...given)),
    open: (...given) => measured('open', () => vault.open(...given)),
    exportKey: (...given) => measured('export', () => vault.exportKey(...given)),
    publicKey: () => vault.publicKey(),
    audit: vault.audit,
  }
}
