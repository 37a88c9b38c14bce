/**
 * How long POST /certificateSigningRequest takes on an idle machine, and while all cores generate RSA-3072 keys.
 *
 *     npm run bench:post [-- calls]
 *
 * Prints median, p95 and maximum in milliseconds, and ends with 1 when a median is over what is promised.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { jsonInit, type Service, startService } from '../e2e/start-service.ts'

const calls = Number(process.argv[2] ?? 100)
const promised = { idle: 20, busy: 100 }

const post = jsonInit('POST', { CommonName: 'bench.example.com' })

async function timePost(service: Service): Promise<{ ms: number; path: string }> {
  const started = performance.now()
  const response = await service.call('/certificateSigningRequest', post)
  const { response: answer } = (await response.json()) as { response: { path: string } }
  return { ms: performance.now() - started, path: answer.path }
}

async function idle(service: Service): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < calls; i++) {
    const { ms, path } = await timePost(service)
    times.push(ms)
    // The next POST meets an idle machine again.
    await (await service.call(`/certificateSigningRequest/${path}`)).text()
  }
  return times
}

async function busy(service: Service): Promise<number[]> {
  const backlog = await Promise.all(Array.from({ length: calls * 4 }, () => timePost(service)))
  const times: number[] = []
  for (let i = 0; i < calls; i++) {
    times.push((await timePost(service)).ms)
    await sleep(20)
  }
  const last = backlog.at(-1)?.path
  const response = await service.call(`/certificateSigningRequest/${last}`, {
    headers: { prefer: 'wait=0' },
  })
  if (response.status !== 202)
    throw new Error('The workers had nothing left to do: give more calls.')
  return times
}

function report(what: string, times: number[], limit: number): boolean {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) =>
    (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(1)
  process.stdout.write(
    `${what.padEnd(24)} median ${at(0.5).padStart(6)} ms   p95 ${at(0.95).padStart(6)} ms   max ${at(1).padStart(6)} ms   promised median < ${limit} ms\n`,
  )
  return Number(at(0.5)) < limit
}

const setPolicy = (service: Service, specName: string) =>
  service.call('/certificatePolicy', jsonInit('PUT', { specName }))

await using service = await startService({
  environment: { LOG_LEVEL: 'error', WORKER_NICENESS: '' },
})
await idle(service)
const rsa2048 = report('idle, RSA-2048', await idle(service), promised.idle)
await setPolicy(service, 'CNSA')
const rsa3072 = report('idle, RSA-3072', await idle(service), promised.idle)
const loaded = report('all cores on RSA-3072', await busy(service), promised.busy)
process.exitCode = rsa2048 && rsa3072 && loaded ? 0 : 1
