import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'

/** The part of the data folder that the server works in: its files, configuration and log. */
export interface ServerFolder {
  readonly path: string
  readonly configFile: string
  /** Keeps the last run's log beside this one's, so that a reader finds one run per file. */
  beginLog(): void
  /** The last lines of this run's log, for an error message. */
  logTail(): string
  writeConfig(text: string): void
  /** What the last owner left; undefined after a clean stop. */
  readConfig(): string | undefined
  removeConfig(): void
}

/**
 * Makes `dataDir` and the folder `redis` in it, for this user only.
 *
 * @throws EmbeddedRedisError `data_dir_unusable`
 */
export function makeServerFolder(dataDir: string): ServerFolder {
  const path = join(dataDir, 'redis')
  makePrivate(path)
  const configFile = join(path, 'redis.conf')
  const logFile = join(path, 'redis.log')
  return {
    path,
    configFile,
    beginLog: () => {
      if (textOf(logFile) !== undefined) renameSync(logFile, `${logFile}.old`)
    },
    logTail: () => (textOf(logFile) ?? '').trim().split('\n').slice(-5).join('\n'),
    writeConfig: (text) => {
      // A file that is there would keep its mode: the password goes into a new one.
      rmSync(configFile, { force: true })
      writeFileSync(configFile, text, { mode: 0o600, flag: 'wx' })
    },
    readConfig: () => textOf(configFile),
    removeConfig: () => rmSync(configFile, { force: true }),
  }
}

function makePrivate(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    chmodSync(path, 0o700)
  } catch (cause) {
    const message = `The folder ${path} cannot be made for this user alone. Choose a data folder (DATA_DIR) that this user can write.`
    throw new EmbeddedRedisError(message, { code: 'data_dir_unusable', cause })
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
