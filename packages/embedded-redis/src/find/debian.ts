import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { aptPackage } from './apt-package.ts'
import { thisDebianRelease } from './debian-release.ts'
import { executables } from './path.ts'
import { localProgram, type RedisProgram, type Search } from './redis-program.ts'
import { serverVersion } from './server-version.ts'
import { unpackedServer } from './unpacked-server.ts'

const workPrefix = 'fetching-'
const hourMs = 3_600_000

/**
 * Debian's and Ubuntu's own package of the server, fetched with apt and unpacked into the cache
 * folder: needs no root, installs nothing, and apt checks the signatures. It stays in the cache
 * until that is deleted.
 *
 * Two processes may do this at once: each unpacks into a folder of its own, and the first one to
 * be renamed into place is the one that both use.
 */
export async function debianPackage(search: Search): Promise<RedisProgram | undefined> {
  const release = thisDebianRelease()
  if (release === undefined) {
    search.passOver("no distribution's package: this is neither Debian nor Ubuntu")
    return undefined
  }
  const kept = join(search.cacheDir, `${release}-${process.arch}`)
  try {
    const program = await keptServer(kept, search)
    if (program !== undefined) return program
    if (executables('apt-get', search.env).length === 0) throw new Error('no apt-get on PATH')
    return await fetchedServer(kept, search)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    search.passOver(`the distribution's package could not be fetched: ${reason}`)
    return undefined
  }
}

async function keptServer(kept: string, search: Search): Promise<RedisProgram | undefined> {
  const server = unpackedServer(kept)
  if (server === undefined) return undefined
  const { path, libraryPath } = server
  const env = { PATH: search.env.PATH, LD_LIBRARY_PATH: libraryPath }
  const { text, version, fault } = await serverVersion(path, env)
  if (fault !== undefined) {
    search.passOver(`${path} ${fault}`)
    return undefined
  }
  return localProgram({ way: 'debian', version, text: `${text} at ${path}` }, path, env)
}

async function fetchedServer(kept: string, search: Search): Promise<RedisProgram | undefined> {
  search.log("fetching the distribution's own Redis package: some seconds, this once")
  mkdirSync(search.cacheDir, { recursive: true, mode: 0o700 })
  removeAbandoned(search.cacheDir)
  const work = mkdtempSync(join(search.cacheDir, workPrefix))
  try {
    const root = join(work, 'root')
    await aptPackage(work, root, search.env)
    if (renamed(root, kept)) return await keptServer(kept, search)
    const others = await keptServer(kept, search)
    if (others !== undefined) return others
    // What is in the way does not run (any more); nobody uses it.
    renameSync(kept, join(work, 'broken'))
    renameSync(root, kept)
    return await keptServer(kept, search)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** What processes left that were killed while they fetched; no fetch takes an hour. */
function removeAbandoned(cacheDir: string): void {
  for (const name of readdirSync(cacheDir).filter((entry) => entry.startsWith(workPrefix))) {
    const folder = join(cacheDir, name)
    const begun = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - begun > hourMs) rmSync(folder, { recursive: true, force: true })
  }
}

/** False when another folder has that place. */
function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}
