/**
 * The master key from a file: one key a line, 32 random bytes in base64. There are two while a rotation is under way: the new
 * one and the one before. Empty lines and lines with `#` are comments. A key's id follows from the key, so the file can be made
 * with `openssl rand -base64 32`.
 */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { decrypt, encrypt } from './aes-gcm.ts'
import { VaultError } from './errors.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'

const keyLength = 32

/** Reads the file; undefined where there is none. */
export async function readMasterKeyFile(path: string): Promise<MasterKeyProvider | undefined> {
  const keys = await readMasterKeys(path)
  return keys && masterKeyProvider(path, keys)
}

/** The keys themselves, one or two. */
export async function readMasterKeys(path: string): Promise<Buffer[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new VaultError('master_key_file', `${path} cannot be read (${error.code}).`, {
      cause: error,
    })
  })
  if (text === undefined) return undefined
  const { mode } = await stat(path)
  if ((mode & 0o007) !== 0) {
    throw new VaultError(
      'master_key_file',
      `Every user of this machine may open ${path}: run chmod 600 on it, and replace the key if others have been here.`,
    )
  }
  return parseKeys(path, text)
}

/** Makes the file with a new key, mode 0600; never over a file that is there. A folder that is missing gets mode 0700. */
export async function createMasterKeyFile(path: string): Promise<MasterKeyProvider> {
  const key = newMasterKey()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Written whole under another name first: a crash in between must not leave an empty file that looks like a key file.
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeDurably(draft, `${key.toString('base64')}\n`)
  try {
    await link(draft, path)
  } finally {
    await unlink(draft)
  }
  await syncFolder(dirname(path))
  return masterKeyProvider(path, [key])
}

export const newMasterKey = (): Buffer => randomBytes(keyLength)

/** What is sealed from now on is lost without this file: it has to be on the disk first. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function parseKeys(path: string, text: string): Buffer[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const keys = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => Buffer.from(line, 'base64'))
  if (keys.length < 1 || keys.length > 2 || keys.some((key) => key.length !== keyLength)) {
    throw new VaultError(
      'master_key_file',
      `${path} must hold one or two lines of 32 bytes in base64 (openssl rand -base64 32): the key, and while it is rotated the new one before it.`,
    )
  }
  return keys
}

export const masterKeyId = (key: Buffer) =>
  createHmac('sha256', key).update('csr-foundry master key id').digest('hex').slice(0, 16)

function masterKeyProvider(path: string, keys: readonly Buffer[]): MasterKeyProvider {
  const byId = new Map(keys.map((key) => [masterKeyId(key), createSecretKey(key)]))
  const find = (id: string) => {
    const key = byId.get(id)
    if (key) return key
    throw new VaultError(
      'master_key_other',
      `${path} does not hold the master key ${id}: if it was rotated on another host, copy its file to here; else put the key back as the second line.`,
    )
  }
  return {
    ids: [...byId.keys()],
    wrap: async (id, plaintext, context) => encrypt(find(id), plaintext, Buffer.from(context)),
    unwrap: async (id, wrapped, context) => decrypt(find(id), wrapped, Buffer.from(context)),
  }
}
