/**
 * How long a single P-256 request takes while a large batch runs, on the service as its users start it:
 *
 *     npm run bench:while-bulk [-- --rows 100000 --rate 5]
 *
 * csrctl hands the batch in; meanwhile so many requests a second are sent, each when its time has come, whatever became of those
 * before. Measured are POST's answer, and the time from POST sent to CSR fetched, by a GET that waits. A line for each promise; ends with 1
 * where one is not kept.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../e2e/start-service.ts'
import { jsonInit } from '../e2e/start-service.ts'
import { type BulkService, startBulkService } from './bulk-service.ts'
import { deviceLines } from './device-lines.ts'
import { chunksOf } from './hand-in.ts'
import { percentile, percentilesText } from './percentile.ts'
import { say, tellPromise } from './promised.ts'
import { runCsrctl } from './run-csrctl.ts'
import { wholeNumbers } from './whole-numbers.ts'

const promised = { post: 100, ready: 500 }
const warmUpCalls = 20
/** Rows of the batch that are left when it is as good as done. */
const tail = 256

const { rows, rate } = wholeNumbers({ rows: 100_000, rate: 5 })

type Times = { readonly post: number; readonly ready: number }

await using bulk = await startBulkService()
const { service } = bulk
const idle: Times[] = []
for (let call = 0; call < warmUpCalls; call++) idle.push(await single(service))
tell('idle', idle)
const file = join(bulk.folder, 'fleet.ndjson')
await writeFile(file, chunksOf(deviceLines(rows)))
const submitted = runCsrctl(service, ['submit', file, '--json'])
const measuring = measureWhileBusy(bulk)
// What csrctl did not do ends it.
const busy = await Promise.race([measuring, submitted.then(() => measuring)])
await submitted
tell(`while a batch of ${rows} rows ran`, busy)
for (const part of ['post', 'ready'] as const) {
  const about = { post: 'answer to POST', ready: 'from POST to CSR' }[part]
  const p99 = percentile(
    busy.map((times) => times[part]),
    0.99,
  )
  tellPromise(
    `p99 of ${busy.length} times, ${about}`,
    `${p99.toFixed(0)} ms`,
    `<= ${promised[part]} ms`,
    p99 <= promised[part],
  )
}

/** From the first block that is taken to the last rows that are made. */
async function measureWhileBusy({ counts }: BulkService): Promise<Times[]> {
  const [before] = await counts(['default'])
  const made = async () => {
    const [now] = await counts(['default'])
    const ready = (now?.ready ?? 0) - (before?.ready ?? 0)
    return { begun: ready + (now?.queued ?? 0), ready }
  }
  while ((await made()).begun === 0) await sleep(20)
  const sent: Promise<Times>[] = []
  const started = performance.now()
  while ((await made()).ready < rows - tail) {
    sent.push(single(service))
    const next = started + (sent.length * 1_000) / rate
    await sleep(Math.max(0, next - performance.now()))
  }
  return await Promise.all(sent)
}

async function single(caller: Caller): Promise<Times> {
  const body = {
    subject: { commonName: 'single.example.com' },
    subjectAltNames: [{ type: 'dns', value: 'single.example.com' }],
    key: { algorithm: 'ecdsa-p256' },
  }
  const sent = performance.now()
  const answer = await caller.call('/v1/requests', jsonInit('POST', body))
  const text = await answer.text()
  const post = performance.now() - sent
  if (answer.status !== 202) throw new Error(`${answer.status} ${text}`)
  await csrOf(caller, (JSON.parse(text) as { id: string }).id)
  return { post, ready: performance.now() - sent }
}

async function csrOf(caller: Caller, id: string): Promise<string> {
  for (;;) {
    const answer = await caller.call(`/v1/requests/${id}`, { headers: { prefer: 'wait=20' } })
    const { state, csr } = (await answer.json()) as { state: string; csr?: string }
    if (csr !== undefined) return csr
    if (state !== 'queued' && state !== 'running') throw new Error(`request ${id}: ${state}`)
  }
}

function tell(when: string, times: readonly Times[]): void {
  say(`${when}: POST ${percentilesText(times.map(({ post }) => post))}`)
  say(`${when}: CSR  ${percentilesText(times.map(({ ready }) => ready))}`)
}
