import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

export const program = resolve(import.meta.dirname, '../src/csrctl.js')

/** What a user sees of a command, and what it ended with. */
type Seen = { stdout: string; stderr: string; code: number | null }

type Around = {
  readonly stdin?: Buffer
  readonly environment?: Readonly<Record<string, string>>
  /** Another way to start it. */
  readonly by?: string
  /** What to do with the process, once it is started. */
  readonly meanwhile?: (child: ChildProcessWithoutNullStreams) => void
}

/** Runs `csrctl` as a process, in the folder of this one; see runHere for what needs none. */
export async function startCsrctl(args: readonly string[], around: Around = {}): Promise<Seen> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, ...around.environment }
  const child = spawn(process.execPath, [around.by ?? program, ...args], { env })
  const seen: Seen = { stdout: '', stderr: '', code: null }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text
    })
  }
  around.meanwhile?.(child)
  child.stdin.end(around.stdin)
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...seen, code }
}
