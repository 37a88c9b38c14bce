import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { serverNames } from './server-version.ts'

/** A server in a folder that packages were unpacked into. */
export interface UnpackedServer {
  readonly path: string
  /** For LD_LIBRARY_PATH: the folders of the libraries that came with it. */
  readonly libraryPath: string
}

/** The server below `root`, laid out as on a system's root; undefined when there is none. */
export function unpackedServer(root: string): UnpackedServer | undefined {
  const paths = serverNames.map((name) => join(root, 'usr', 'bin', name))
  const path = paths.find((candidate) => existsSync(candidate))
  if (path === undefined) return undefined
  const folders = globSync(['{lib,usr/lib}', '{lib,usr/lib}/*-linux-*'], { cwd: root })
  return { path, libraryPath: folders.map((folder) => join(root, folder)).join(':') }
}
