import { PassThrough, Writable } from 'node:stream'
import { run } from '../src/run.ts'

/** What a user sees of a command; `shown` is both outputs as they come. */
export type Seen = { stdout: string; stderr: string; shown: string; code: number }

type Around = {
  readonly environment?: Readonly<Record<string, string>>
  readonly stdin?: string | Buffer
  /** Whether its output goes to one. */
  readonly terminal?: true
}

/**
 * Runs `csrctl` within this process, with streams and an environment of its own: a real start takes a quarter of a second.
 * What only a process shows (its exit, signals, a reader that leaves) is for startCsrctl. One at a time.
 */
export async function runHere(args: readonly string[], around: Around = {}): Promise<Seen> {
  const seen: Seen = { stdout: '', stderr: '', shown: '', code: 0 }
  const outputOf = (name: 'stdout' | 'stderr') => {
    const write = (chunk: Buffer, _: string, done: () => void) => {
      seen[name] += chunk
      seen.shown += chunk
      done()
    }
    return Object.assign(new Writable({ write }), around.terminal && { isTTY: true })
  }
  const putBack = replace({
    stdin: new PassThrough().end(around.stdin ?? ''),
    stdout: outputOf('stdout'),
    stderr: outputOf('stderr'),
    env: { ...around.environment },
  })
  try {
    await run(args)
    return { ...seen, code: Number(process.exitCode ?? 0) }
  } finally {
    putBack()
    process.exitCode = undefined
  }
}

/** Puts something else in the place of what the process has, and tells how to put it back. */
function replace(others: Readonly<Record<string, unknown>>): () => void {
  const own = Object.keys(others).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name) ?? {}] as const,
  )
  for (const [name, value] of Object.entries(others)) {
    Object.defineProperty(process, name, { value, configurable: true })
  }
  return () => {
    for (const [name, property] of own) Object.defineProperty(process, name, property)
  }
}
