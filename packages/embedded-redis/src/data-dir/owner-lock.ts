// One owner per data folder, held by a lock of the kernel.
//
// Node has no flock, but it has SQLite, whose exclusive transaction is an fcntl lock on its file. That
// suits better than a lock file with a heartbeat:
// - The kernel drops it when the owner dies, however it dies: nothing stale is ever left to judge.
// - An owner that hangs, is stopped, or whose laptop sleeps keeps it: no live owner is taken for dead.
// - It holds between containers that share the folder, where process ids mean nothing.
// The database stays empty. owner.json is for people: it names the owner and decides nothing.
//
// The danger: fcntl locks end when their process closes *any* descriptor of the file. No code of the
// owner may open owner.lock by itself.

import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'

const sqliteBusy = 5

/** Ownership of a data folder. Released by `release`, or by the end of the process. */
export interface DataDirLock extends Disposable {
  release(): void
}

/**
 * Makes this process the one owner of a data folder that exists.
 *
 * @throws EmbeddedRedisError `data_dir_in_use`, at once, while another owner lives, in this
 * process too; `data_dir_unusable` when the folder cannot be written.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const lock = exclusiveLock(dataDir)
  const ownerFile = join(dataDir, 'owner.json')
  writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, host: hostname() }), { mode: 0o600 })
  const release = () => {
    if (!lock.isOpen) return
    rmSync(ownerFile, { force: true })
    lock.close()
  }
  return { release, [Symbol.dispose]: release }
}

function exclusiveLock(dataDir: string): DatabaseSync {
  const lockFile = join(dataDir, 'owner.lock')
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(lockFile, { timeout: 0 })
    // A reader's lock would keep owners out: other users may not even read it.
    chmodSync(lockFile, 0o600)
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    throw lockError(dataDir, cause)
  }
}

function lockError(dataDir: string, cause: unknown): EmbeddedRedisError {
  if (cause instanceof Error && 'errcode' in cause && cause.errcode === sqliteBusy) {
    const message = `${dataDir} is in use by ${ownerOf(dataDir)}. Stop that one first, or give this one a data folder of its own.`
    return new EmbeddedRedisError(message, { code: 'data_dir_in_use', cause })
  }
  const message = `${dataDir} cannot be locked. Make it a folder that this user can write, on a file system with locks.`
  return new EmbeddedRedisError(message, { code: 'data_dir_unusable', cause })
}

function ownerOf(dataDir: string): string {
  try {
    const owner = JSON.parse(readFileSync(join(dataDir, 'owner.json'), 'utf8'))
    return owner.host === hostname()
      ? `process ${owner.pid}`
      : `process ${owner.pid} on host ${owner.host}`
  } catch {
    return 'another process'
  }
}
