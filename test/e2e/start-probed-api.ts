import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Service } from './start-service.ts'

const probe = resolve(import.meta.dirname, 'api-probe.mjs')

export type ProbedApi = AsyncDisposable & {
  readonly url: string
  readonly redisUrl: string
  /** An empty folder that it may write into. */
  readonly folder: string
  readonly process: ChildProcess
  output(): string
  /** Has the probe in it do something; see api-probe.mjs. @throws Error where that failed, or the process ended */
  ask(question: object): Promise<Record<string, unknown>>
}

/** One more API process, started as the service has started its own, with a probe in it. */
export async function startProbedApi(service: Service): Promise<ProbedApi> {
  const [pid] = service.pids('api/src/main.ts')
  const [node = '', ...given] = zeroTerminated(`/proc/${pid}/cmdline`)
  const environment = Object.fromEntries(
    zeroTerminated(`/proc/${pid}/environ`).map((one) => splitAt(one, one.indexOf('='))),
  )
  const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-probe-'))
  const more = [`--import=${probe}`, `--allow-fs-read=${probe}`, `--allow-fs-write=${folder}`]
  const child = spawn(node, [...more, ...given], {
    env: { ...environment, PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const url = await readyUrl(child, () => output)
  return {
    url,
    redisUrl: environment.REDIS_URL,
    folder,
    process: child,
    output: () => output,
    ask: async (question) => {
      child.send(question)
      const asked = new AbortController()
      const ended = once(child, 'exit', asked).then(() => {
        throw new Error(`The API ended when it was asked:\n${output}`)
      })
      try {
        const [{ answer, failed }] = await Promise.race([once(child, 'message', asked), ended])
        if (failed !== undefined) throw new Error(failed)
        return answer
      } finally {
        ended.catch(() => {})
        asked.abort()
      }
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true })
    },
  }
}

async function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The API did not start:\n${output()}`)
  })
  const [{ ready }] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
  return ready
}

const zeroTerminated = (file: string) => readFileSync(file, 'utf8').split('\0').filter(Boolean)

const splitAt = (text: string, at: number) => [text.slice(0, at), text.slice(at + 1)]
