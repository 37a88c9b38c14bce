/**
 * The file by which workers tell API processes the vault's public key: a JWK, in a place where the API can only read. That
 * the API seals to this key and to no other is what keeps a key of somebody else's in Redis from reading uploads.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VaultError } from './errors.ts'
import { parseVaultPublicKey, type VaultPublicKey } from './vault-public-key.ts'

const readableByAll = 0o644

/**
 * Writes the file as a whole: a reader finds the old key or the new one.
 *
 * @throws {VaultError} `vault_key_file`
 */
export async function writePublicKeyFile(path: string, key: VaultPublicKey): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeDraft(draft, `${JSON.stringify(key)}\n`)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw notWritten(path, cause)
  }
}

function notWritten(path: string, cause: unknown): VaultError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
  return new VaultError(
    'vault_key_file',
    `VAULT_PUBLIC_KEY_FILE: ${path} cannot be written (${code}): the workers write it, the API reads it.`,
    { cause },
  )
}

async function writeDraft(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', readableByAll)
  try {
    await file.writeFile(text)
    // Whatever the umask is: the API may run as another user.
    await file.chmod(readableByAll)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The key in the file; undefined where it holds none. Throws the error of the file system where it cannot be read. */
export async function readPublicKeyFile(path: string): Promise<VaultPublicKey | undefined> {
  return await parseVaultPublicKey(await readFile(path, 'utf8'))
}
