import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve(import.meta.dirname, '../src/main.ts')

/** What a user sees of a command. */
export type Seen = { stdout: string; stderr: string; code: number | null }

/** A shell, so to speak, in a folder of its own. */
export type Terminal = AsyncDisposable & {
  readonly folder: string
  /** Runs `csrctl` with these arguments. */
  csrctl(args: readonly string[], more?: More): Promise<Seen>
}

type More = {
  readonly stdin?: Buffer
  readonly environment?: Readonly<Record<string, string>>
  /** What to do with the process, once it is started. */
  readonly meanwhile?: (child: ChildProcessWithoutNullStreams) => void
}

export async function openTerminal(): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'csrctl-test-'))
  // Compiled once for all starts, or each would take most of a second.
  const base = { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(folder, '.compiled') }
  return {
    folder,
    csrctl: async (args, { stdin, environment, meanwhile } = {}) => {
      const env = { ...base, ...environment }
      const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
      const seen: Seen = { stdout: '', stderr: '', code: null }
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          seen[name] += text
        })
      }
      meanwhile?.(child)
      child.stdin.end(stdin)
      const [code] = (await once(child, 'close')) as [number | null]
      return { ...seen, code }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
