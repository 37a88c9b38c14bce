import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from './logger.ts'
import { setupExitCode } from './run-program.ts'

export type ChildProgram = {
  readonly name: string
  /** Arguments for Node: its own flags, the program, the program's arguments. */
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

/** What the owner of a child hears from it. */
export type ChildNews = {
  readonly onMessage?: (message: unknown) => void
  /**
   * The child cannot work as it is set up, and has said why on standard error. An owner that is starting gives up and stops
   * it; otherwise it is tried again at the longest rest, so that it works once somebody has mended what is wrong.
   */
  readonly onHopeless?: () => void
  /** It has ended without being asked to, and is started again. */
  readonly onDeath?: (pid: number) => void
}

type Ending = {
  readonly code?: number | null
  readonly signal?: string | null
  readonly reason?: string
}

const shortestRest = 100
const longestRest = 5_000
/** SIGUSR1 would open a debugger's port: through it, whoever may send signals reads the memory of a worker. */
const hardening = ['--disable-sigusr1']
/**
 * V8 lets garbage grow to several times what is alive while a process is busy: 200 MB in the API while a batch of 100,000 comes
 * in. With these it collects at half as much again as is alive, which costs next to nothing, since little is.
 */
const heapBounds = ['--max-semi-space-size=16', '--heap-growing-percent=50']
/** A child that lived this long (ms) was well: its next rest is the shortest again. */
const wellAfter = 10_000

/**
 * Keeps one Node child process running: started again whenever it ends, after a rest that doubles while it keeps ending
 * soon. Children have no core dumps, since a core holds whatever key was being made.
 */
export class SupervisedProcess {
  readonly #program: ChildProgram
  readonly #log: Logger
  readonly #news: ChildNews
  readonly #running: Promise<void>
  readonly #stop = new AbortController()
  #child: ChildProcess | undefined
  #lastPid: number | undefined

  constructor(program: ChildProgram, log: Logger, news: ChildNews = {}) {
    this.#program = program
    this.#log = log
    this.#news = news
    this.#running = this.#keepRunning()
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Asks the child to end (SIGTERM), kills it after `deadline` milliseconds, and resolves when it is gone. */
  async stop(deadline: number): Promise<void> {
    this.#stop.abort()
    this.#child?.kill('SIGTERM')
    const killer = setTimeout(() => this.#child?.kill('SIGKILL'), deadline)
    await this.#running
    clearTimeout(killer)
  }

  async #keepRunning(): Promise<void> {
    let rest = shortestRest
    while (!this.#stop.signal.aborted) {
      const started = Date.now()
      const ending = await this.#runOnce()
      if (this.#stop.signal.aborted) return
      if (this.#lastPid !== undefined) this.#news.onDeath?.(this.#lastPid)
      if (Date.now() - started > wellAfter) rest = shortestRest
      if (ending.code === setupExitCode) {
        rest = longestRest
        this.#news.onHopeless?.()
      }
      this.#log.error({ child: this.#program.name, ...ending, rest }, 'a child process ended')
      await delay(rest, undefined, { signal: this.#stop.signal }).catch(() => {})
      rest = Math.min(rest * 2, longestRest)
    }
  }

  async #runOnce(): Promise<Ending> {
    // `ulimit` is the shell's: Node has no setrlimit. exec keeps the pid, the signals and the IPC channel. Detached: a Ctrl-C
    // on the terminal reaches the owner alone, who stops its children in their order. Should it die, the IPC channel closes.
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        'ulimit -c 0; exec "$0" "$@"',
        process.execPath,
        ...hardening,
        ...heapBounds,
        ...this.#program.arguments,
      ],
      {
        env: this.#program.environment,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        detached: true,
      },
    )
    this.#child = child
    this.#lastPid = child.pid
    child.on('message', (message) => this.#news.onMessage?.(message))
    const ended = Promise.withResolvers<Ending>()
    child.once('exit', (code, signal) => ended.resolve({ code, signal }))
    child.on('error', ({ message }) => {
      // A signal or a message that did not get through is an error of a child that lives.
      if (child.pid === undefined) ended.resolve({ reason: message })
    })
    const ending = await ended.promise
    this.#child = undefined
    return ending
  }
}
