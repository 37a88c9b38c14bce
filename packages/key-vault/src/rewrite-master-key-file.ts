/** How a rotation changes the master key file: as a whole, so that a reader or a crash finds the one before or the new one. */
import { chmod, chown, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VaultError } from './errors.ts'
import {
  masterKeyId,
  newMasterKey,
  readMasterKeys,
  syncFolder,
  writeDurably,
} from './master-key-file.ts'

/** Puts a new key before the only one that the file holds; gives its id. */
export async function addMasterKey(path: string): Promise<string> {
  const keys = (await readMasterKeys(path)) ?? []
  if (keys.length !== 1) {
    throw new VaultError(
      'rotation_other',
      `${path} has been changed meanwhile. Run the command again.`,
    )
  }
  const key = newMasterKey()
  await rewrite(path, [key, ...keys])
  return masterKeyId(key)
}

/** Leaves only this key in the file, which holds it. */
export async function keepMasterKey(path: string, id: string): Promise<void> {
  const keys = (await readMasterKeys(path)) ?? []
  const kept = keys.filter((key) => masterKeyId(key) === id)
  if (kept.length === 1 && keys.length === 1) return
  if (kept.length !== 1) {
    throw new VaultError('master_key_other', `${path} does not hold the master key ${id}.`)
  }
  await rewrite(path, kept)
}

async function rewrite(path: string, keys: readonly Buffer[]): Promise<void> {
  const lines = keys.map((key) => `# ${masterKeyId(key)}\n${key.toString('base64')}\n`)
  const draft = `${path}.new`
  try {
    // What a killed rotation has left there is in use by nobody.
    await rm(draft, { force: true })
    await writeDurably(draft, lines.join(''))
    await sameOwner(draft, path)
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw notReplaced(path, cause)
  }
}

function notReplaced(path: string, cause: unknown): VaultError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
  return new VaultError(
    'master_key_file',
    `${path} cannot be replaced (${code}): run this as the owner of the file, where its folder can be written.`,
    { cause },
  )
}

/** Whoever rotates may be root, and the workers are not. */
async function sameOwner(draft: string, path: string): Promise<void> {
  const { mode, uid, gid } = await stat(path)
  const own = await stat(draft)
  if (own.uid !== uid || own.gid !== gid) await chown(draft, uid, gid)
  await chmod(draft, mode & 0o770)
}
