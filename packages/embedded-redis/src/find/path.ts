import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Environment } from '../config.ts'
import { localProgram, type RedisProgram, type Search } from './redis-program.ts'
import { serverNames, serverVersion } from './server-version.ts'

/** The first server on PATH that is new enough; an old one does not hide a newer one behind it. */
export async function serverOnPath(search: Search): Promise<RedisProgram | undefined> {
  const paths = serverNames.flatMap((name) => executables(name, search.env))
  for (const path of paths) {
    const { text, version, fault } = await serverVersion(path, search.env)
    if (fault === undefined) {
      const source = { way: 'path', version, text: `${text} at ${path}` } as const
      return localProgram(source, path, { PATH: search.env.PATH })
    }
    search.passOver(`${path} ${fault}`)
  }
  if (paths.length === 0) search.passOver(`no ${serverNames.join(' or ')} on PATH`)
  return undefined
}

/** Every executable of that name on PATH, in PATH's order. */
export function executables(name: string, env: Environment): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
