import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { DemoError, reasonOf } from './demo-error.ts'
import type { ServiceLog } from './service-log.ts'

const readyWithin = 60_000
const endsWithin = 30_000
/** For what a process that has ended leaves in its pipes (ms). */
const lastOutputWithin = 1_000

export type ServiceProgram = {
  readonly program: string
  readonly environment: NodeJS.ProcessEnv
}

/** The whole service, as `npm start` runs it, as a child process. */
export class ServiceProcess implements AsyncDisposable {
  /** The URL it serves at; rejects when it is not ready in time or ends before. */
  readonly ready: Promise<string>
  readonly #child: ChildProcess
  readonly #exited: Promise<string>
  #stopped: Promise<void> | undefined

  /** `onLost` is told when the service ends although nobody asked it to. */
  constructor(
    { program, environment }: ServiceProgram,
    log: ServiceLog,
    onLost: (error: DemoError) => void,
  ) {
    // Its own process group: a Ctrl-C on the terminal then reaches the demo alone, which stops the service in order.
    // The IPC channel carries no messages: when the demo dies without a chance to stop it, the channel tells it to end.
    const child = spawn(process.execPath, ['--disable-sigusr1', program], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.add(text))
    this.#child = child
    this.#exited = endOf(child)
    this.ready = readyUrl(child, this.#exited)
    // Whoever awaits it is told; a service that is stopped before it was ready is nobody's surprise.
    this.ready.catch(() => {})
    void this.#exited.then((ending) => {
      if (!this.#stopped) onLost(lost(ending))
    })
  }

  /**
   * Asks it to end, awaits that, and leaves none of its processes running. Calling it again gives the same promise.
   *
   * @throws {DemoError} when it had to be killed or did not end well
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A failure to stop must not hide the one that led here; where there is none, stop() was called and has told.
    await this.stop().catch(() => {})
  }

  async #stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const killer = setTimeout(() => this.#killGroup(), endsWithin)
    const ending = await this.#exited
    clearTimeout(killer)
    this.#killGroup()
    if (ending !== 'code 0') throw new DemoError(`The service did not stop well: ${ending}.`)
  }

  #killGroup(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // The group is empty: it has ended whole, as it should.
    }
  }
}

const lost = (ending: string) => new DemoError(`The service ended by itself, with ${ending}.`)

/** How it ended, in words, once its last output has been read. */
function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const closed = new Promise((done) => child.once('close', done))
  child.once('error', (error) => resolve(reasonOf(error)))
  child.once('exit', (code, signal) => {
    const ending = signal === null ? `code ${code}` : `signal ${signal}`
    // Its own children may hold the pipes for longer, and are not waited for here.
    void Promise.race([closed, delay(lastOutputWithin)]).then(() => resolve(ending))
  })
  return promise
}

function readyUrl(child: ChildProcess, exited: Promise<string>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const timer = setTimeout(() => {
    reject(new DemoError(`The service was not ready within ${readyWithin / 1_000} s.`))
  }, readyWithin)
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      const url = /^csr-foundry ready on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  }
  void exited.then((ending) => {
    reject(lost(ending))
  })
  return promise.finally(() => clearTimeout(timer))
}
