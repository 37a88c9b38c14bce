import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVault, type Vault, writePublicKeyFile } from '@csr-foundry/key-vault'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { KeyUploads } from '../src/uploads/key-uploads.ts'
import { UploadThread } from '../src/uploads/upload-thread.ts'
import { VaultPin } from '../src/uploads/vault-pin.ts'

export type TestUploads = AsyncDisposable & {
  readonly uploads: KeyUploads
  readonly pin: VaultPin
  readonly thread: UploadThread
  /** A worker's, which opens what was sealed. */
  readonly vault: Vault
  /** The file of the vault's public key. */
  readonly publicKeyFile: string
}

/** What takes private keys in, with a vault of its own, as a supervisor would have left it. */
export async function startUploads(
  redis: Redis,
  log: Logger,
  longestCheckMs?: number,
): Promise<TestUploads> {
  const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-uploads-'))
  const publicKeyFile = join(folder, 'vault.pub')
  const vault = await openVault(redis, join(folder, 'master.key'))
  await writePublicKeyFile(publicKeyFile, await vault.publicKey())
  const thread = new UploadThread()
  await thread.ready
  const pin = new VaultPin(redis, publicKeyFile, log)
  return {
    uploads: new KeyUploads(redis, thread, pin, longestCheckMs),
    pin,
    thread,
    vault,
    publicKeyFile,
    [Symbol.asyncDispose]: async () => {
      await thread.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
