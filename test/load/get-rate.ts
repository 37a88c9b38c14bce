/**
 * How many authenticated GETs of a finished request the API answers a second, against a bare Hono route that does one HGETALL
 * of a record like a request's, on the same Redis.
 *
 *     npm run bench:get [-- rounds [seconds [connections]]]
 *
 * All take turns, round by round, so that whatever else the machine does meets each of them. The service runs as its users
 * start it, with its permissions and its log. Prints medians, with the CPU time of the answering process for each call; a ratio is
 * the median of those to the bare route in the same round. Ends with 1 when one is below what is promised.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startRedis } from '@csr-foundry/testing'
import { Redis } from 'ioredis'
import { authorization, type Service, startService } from '../e2e/start-service.ts'

const promised = 0.7
const [rounds = 5, seconds = 3, connections = 50] = process.argv.slice(2).map(Number)
/** Until the code is compiled for what it does. */
const warmUpSeconds = 12
const token = 'a-token-for-the-benchmark-of-get-and-nothing-else'
const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js')

type Case = { name: string; pid: number; url: string; headers: string[] }
type Round = { rate: number; cpu: number }

async function load({ pid, url, headers }: Case, duration: number): Promise<Round> {
  const cpuBefore = cpuSeconds(pid)
  const options = ['-j', '-c', String(connections), '-d', String(duration)]
  const all = [autocannon, ...options, ...headers.flatMap((header) => ['-H', header]), url]
  const { stdout } = await promisify(execFile)(process.execPath, all)
  const { errors, timeouts, non2xx, '2xx': answered, duration: took } = JSON.parse(stdout)
  if (errors + timeouts + non2xx > 0 || answered === 0) {
    throw new Error(`${url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} other than 2xx`)
  }
  return { rate: answered / took, cpu: (cpuSeconds(pid) - cpuBefore) / answered }
}

/** What a process has used so far, by Linux in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const [user = 0, system = 0] = afterName.slice(11, 13).map(Number)
  return (user + system) / 100
}

async function startBare(redisUrl: string, csr: string): Promise<[ChildProcess, Case]> {
  const redis = new Redis(redisUrl)
  const now = Date.now()
  const times = { created: now, started: now, finished: now }
  await redis.hset('bench', { state: 'ready', algorithm: 'rsa-2048', key: '1', csr, ...times })
  redis.disconnect()
  const child = fork(join(import.meta.dirname, '../../apps/api/test/http/bare-route.ts'), [
    redisUrl,
    'bench',
  ])
  const [port] = await once(child, 'message')
  const url = `http://127.0.0.1:${port}/record`
  return [child, { name: 'bare HGETALL', pid: child.pid ?? 0, url, headers: [] }]
}

function casesOf(service: Service, path: string): Case[] {
  const pid = service.pids('apps/api/src/main.ts').at(-1) ?? 0
  const resources = {
    LXCA: `/certificateSigningRequest/${path}?details=true`,
    native: `/v1/requests/${path}`,
  }
  const credentials = { password: authorization, token: `Bearer ${token}` }
  return Object.entries(resources).flatMap(([dialect, resource]) =>
    Object.entries(credentials).map(([kind, value]) => ({
      name: `${dialect}, ${kind}`,
      pid,
      url: `${service.url}${resource}`,
      headers: [`authorization=${value}`],
    })),
  )
}

/** The rounds of each case. */
async function takeTurns(cases: readonly Case[]): Promise<Round[][]> {
  for (const one of cases) await load(one, warmUpSeconds)
  const measured: Round[][] = cases.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, one] of cases.entries()) measured[index]?.push(await load(one, seconds))
  }
  return measured
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Whether the case is as fast as promised. */
function report({ name }: Case, measured: Round[], bareRounds: Round[]): boolean {
  const rate = median(measured.map((round) => round.rate))
  const micros = median(measured.map(({ cpu }) => cpu)) * 1e6
  const ratio = median(measured.map((round, index) => round.rate / (bareRounds[index]?.rate ?? 0)))
  process.stdout.write(
    `${name.padEnd(16)} ${rate.toFixed(0).padStart(7)} calls/s   ${micros.toFixed(0).padStart(4)} µs CPU a call   ${ratio.toFixed(2)} of the bare route   promised >= ${promised}\n`,
  )
  return ratio >= promised
}

await using redisServer = await startRedis()
// As a service manager keeps it: what reads a log must not take the time that is measured.
const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-bench-'))
const log = await open(join(folder, 'log'), 'w')
await using service = await startService({
  log: log.fd,
  environment: {
    ...{ REDIS_URL: redisServer.url, WORKER_PROCESSES: '1', ADMIN_TOKEN: token },
    // Counted as ever, and out of reach.
    READS_PER_MINUTE: '100000000',
  },
})
const path = await service.create({ CommonName: 'bench.example.com' })
const csr = await (await service.call(`/certificateSigningRequest/${path}`)).text()
const [bare, bareCase] = await startBare(redisServer.url, csr)
const cases = [bareCase, ...casesOf(service, path)]
const measured = await takeTurns(cases)
bare.disconnect()
await log.close()
await rm(folder, { recursive: true })
const bareRounds = measured[0] ?? []
const kept = cases.map((one, index) => report(one, measured[index] ?? [], bareRounds))
process.exitCode = kept.every(Boolean) ? 0 : 1
