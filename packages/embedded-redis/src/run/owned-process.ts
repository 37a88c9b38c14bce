import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../config.ts'
import { runTool } from './run-tool.ts'

/** How a process ended; both null when it could not be started. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that ends with this one. */
export interface OwnedProcess {
  readonly pid: number | undefined
  readonly exited: Promise<ProcessExit>
  hasExited(): boolean
  endsWithin(ms: number): Promise<boolean>
  /**
   * Sends TERM, and KILL to one that does not end in time.
   *
   * @returns whether it ended without KILL
   */
  end(ms: number): Promise<boolean>
  /** The end of what it wrote to its error output. */
  errorOutput(): string
}

const setpriv = ['setpriv', '--pdeathsig', 'TERM'] as const
const keptOutput = 4096

/**
 * Without core dumps, and not at all when the owner died before the kernel was told about it: from
 * then on nothing would end the program.
 */
const guard = 'ulimit -c 0; [ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'

/**
 * Starts a program that must not outlive this process. Where util-linux' setpriv is there, the
 * kernel sends it TERM when this process ends, by SIGKILL too.
 *
 * The kernel's tie is to the *thread* that starts it: from a worker thread it would end with that.
 * The program gets a process group of its own, so that a Ctrl-C on the terminal reaches its owner
 * alone, who has work to finish before.
 */
export async function startOwned(
  command: readonly [string, ...string[]],
  env: Environment,
  log: (message: string) => void,
): Promise<OwnedProcess> {
  const tie = await tieToOwner(env, log)
  const [file = 'sh', ...args] = [...tie, 'sh', '-c', guard, 'sh', String(process.pid), ...command]
  const child = spawn(file, args, {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let errorOutput = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-keptOutput)
  })
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => {
      errorOutput = error.message
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
  })
  return {
    pid: child.pid,
    exited,
    hasExited: () =>
      child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    endsWithin: (ms) => endsWithin(exited, ms),
    end: async (ms) => {
      child.kill('SIGTERM')
      const clean = await endsWithin(exited, ms)
      if (!clean) child.kill('SIGKILL')
      await exited
      return clean
    },
    errorOutput: () => errorOutput.trim(),
  }
}

async function endsWithin(exited: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false)
  const ended = await Promise.race([exited.then(() => true), late])
  timer.abort()
  return ended
}

async function tieToOwner(
  env: Environment,
  log: (message: string) => void,
): Promise<readonly string[]> {
  // Tried, not looked up: other setprivs than util-linux' know no --pdeathsig.
  const { ok } = await runTool([...setpriv, 'true'], { env, timeoutMs: 5000 })
  if (ok) return setpriv
  log(
    'no setpriv of util-linux here: should this process be killed, its Redis is ended by the next start',
  )
  return []
}
