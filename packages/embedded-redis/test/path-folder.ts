import { readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** Names of Redis' and Valkey's programs. */
export const redisPrograms = /redis|valkey/

/** A PATH folder with the system's programs, for one test, except those of the names to hide. */
export function pathWithout(hidden: RegExp): string {
  const folder = temporaryFolder()
  const seen = new Set<string>()
  for (const system of ['/usr/local/bin', '/usr/bin', '/bin']) {
    for (const name of readdirSync(system)) {
      if (hidden.test(name) || seen.has(name)) continue
      seen.add(name)
      symlinkSync(join(system, name), join(folder, name))
    }
  }
  return folder
}

/** A program that prints one line. */
export function fakeProgram(folder: string, name: string, says: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 })
  return path
}
