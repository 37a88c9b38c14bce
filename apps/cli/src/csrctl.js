#!/usr/bin/env node
/**
 * Starts `csrctl`: main.ts, with what is compiled kept from one start to the next.
 *
 * In JavaScript, and on its own: Node reads TypeScript by a WebAssembly module that takes a tenth of a second to load, unless all
 * of it is in the cache, which has to be there before the first file.
 */
import { mkdirSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// biome-ignore lint/style/noProcessEnv: config.ts is TypeScript
const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
keepCompiled(join(caches, 'csr-foundry', 'csrctl'))
await import('./main.ts')

/** What is in the folder is run: one that others can write, or that another made, is left alone. */
function keepCompiled(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = statSync(folder)
    const isOwn = process.getuid === undefined || uid === process.getuid()
    if (isOwn && (mode & 0o022) === 0) enableCompileCache(folder)
  } catch {
    // Without a cache it starts as well, only later.
  }
}
