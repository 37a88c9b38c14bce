import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runningDescendants } from '@csr-foundry/testing'

const program = resolve(import.meta.dirname, '../../apps/all-in-one/src/main.ts')
/** The first start on a machine may fetch a Redis. */
const readyWithin = 90_000

/** Somebody whom the service knows. */
export type Caller = {
  readonly authorization: string
  call(path: string, init?: RequestInit): Promise<Response>
  /** POSTs a body to LXCA's resource and gives the path id. */
  create(body: object): Promise<string>
}

/** The whole service as its user starts it, with real processes, on a free port; its caller is the administrator. */
export type Service = AsyncDisposable &
  Caller & {
    readonly url: string
    readonly dataDir: string
    readonly process: ChildProcess
    /** All that its processes wrote, so far. */
    output(): string
    /** Pids of the running processes whose command line contains a text. */
    pids(commandPart: string): number[]
    /** SIGTERM, and its exit code. */
    stop(): Promise<number | null>
  }

export const password = 'correct horse battery'
export const basic = (login: string, its = password) =>
  `Basic ${Buffer.from(`${login}:${its}`).toString('base64')}`
export const authorization = basic('admin')

export type ServiceOptions = {
  readonly dataDir?: string
  /** Without an ADMIN_PASSWORD, which is then an empty text, the service makes one. */
  readonly environment?: Readonly<Record<string, string>>
  /** A file descriptor for its log, which is then no part of its output: to read it costs this process time. */
  readonly log?: number
}

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'csr-foundry-e2e-')))
  const child = spawn(process.execPath, ['--disable-sigusr1', program], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      PORT: '0',
      // Many services run at the same time.
      METRICS_PORT: 'off',
      ADMIN_PASSWORD: password,
      // Each start of a process costs the tests a second: those that need more of them say so.
      WORKER_PROCESSES: '1',
      // Other tests beside it would leave its workers nothing.
      WORKER_NICENESS: '0',
      // Tests write as fast as they can.
      WRITES_PER_MINUTE: '0',
      TENANT_WRITES_PER_MINUTE: '0',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', options.log ?? 'pipe'],
  })
  let output = ''
  const keep = (text: string) => {
    output += text
  }
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  const url = await readyUrl(child, () => output)
  const isMade = options.environment?.ADMIN_PASSWORD === ''
  const its = isMade ? (await readFile(join(dataDir, 'admin-password'), 'utf8')).trim() : password
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    return child.exitCode
  }
  return {
    ...callerOf(url, basic('admin', its)),
    url,
    dataDir,
    process: child,
    output: () => output,
    pids: (part) =>
      runningDescendants(child.pid)
        .filter(({ command }) => command.includes(part))
        .map(({ pid }) => pid),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export function callerOf(url: string, authorization: string): Caller {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization, ...init.headers } })
  return {
    authorization,
    call,
    create: async (body) => {
      const response = await call('/certificateSigningRequest', jsonInit('POST', body))
      const answer = (await response.json()) as { response?: { path?: string } }
      if (!answer.response?.path) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
      return answer.response.path
    },
  }
}

export const jsonInit = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

async function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + readyWithin
  while (Date.now() < deadline) {
    const url = /csr-foundry ready on (\S+)/.exec(output())?.[1]
    if (url !== undefined) return url
    if (child.exitCode !== null) break
    await new Promise((wake) => setTimeout(wake, 20))
  }
  child.kill('SIGKILL')
  throw new Error(`The service did not become ready:\n${output()}`)
}
