/**
 * Fuzzes for as long as one likes:
 *
 *     npm run test:fuzz -- --count 100000 --seed 1               bytes, for the CSR reader, lint and the key importer
 *     npm run test:fuzz -- --what api --count 50000 --seed 1     calls, for a service that it starts
 *
 * Exits 1 when an input is not met as it should be, takes too long, or memory grows.
 */
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { runApiFuzz } from './api/run-api-fuzz.ts'
import { fuzzCsr } from './fuzz-csr.ts'

const mostMs = 50
const mostGrowthMiB = 16
/** Resident memory of the API, which a garbage collector lets grow for a while. */
const mostApiGrowthMiB = 64
const mostShown = 10

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'csr' },
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const say = (line: string) => process.stdout.write(`${line}\n`)
const started = performance.now()
const seconds = () => Math.round((performance.now() - started) / 1000)

const fuzzers: Record<string, () => Promise<boolean>> = { csr: fuzzBytes, api: fuzzCalls }
const fuzz = fuzzers[values.what]
if (!fuzz) say(`--what must be one of ${Object.keys(fuzzers).join(', ')}.`)
if (!(await fuzz?.())) process.exitCode = 1

async function fuzzBytes(): Promise<boolean> {
  await fuzzCsr({ count: Math.min(count, 3000), seed: seed + 1, mostMs })
  const before = memoryMiB()
  const bar = startBar('inputs')
  const { faults, slowest } = await fuzzCsr({ count, seed, mostMs }, (done) => {
    if (done % 500 === 0) bar.update(done)
  })
  bar.stop()
  const growth = memoryMiB() - before
  for (const { target, kind, what, input } of faults.slice(0, mostShown)) {
    say(`${target}, ${kind}: ${what}\n  ${input.subarray(0, 2000).toString('base64')}`)
  }
  say(
    `slowest: ${slowest.ms.toFixed(1)} of ${mostMs} ms (${slowest.target}, ${slowest.kind}); ${growth.toFixed(1)} MiB of heap and buffers more than before`,
  )
  say(`${count} inputs, seed ${seed}: ${faults.length} faults in ${seconds()} s`)
  return faults.length === 0 && growth <= mostGrowthMiB
}

async function fuzzCalls(): Promise<boolean> {
  const bar = startBar('calls')
  const { faults, ailments, growthMiB, answers } = await runApiFuzz({ count, seed }, (done) => {
    if (done % 100 === 0) bar.update(done)
  })
  bar.stop()
  for (const { what, call } of faults.slice(0, mostShown)) {
    say(`${what}\n  ${JSON.stringify(call).slice(0, 2000)}`)
  }
  for (const ailment of ailments) say(ailment)
  for (const [answer, times] of [...answers].toSorted())
    say(`${String(times).padStart(7)} ${answer}`)
  say(
    `peak of the API's memory: ${growthMiB.toFixed(1)} MiB more in the second half than in the first`,
  )
  say(`${count} calls, seed ${seed}: ${faults.length} faults in ${seconds()} s`)
  return faults.length === 0 && ailments.length === 0 && growthMiB <= mostApiGrowthMiB
}

function startBar(unit: string): SingleBar {
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${unit}, {eta_formatted} left`,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  })
  bar.start(count, 0)
  return bar
}

/** Of the heap and of what objects on it hold outside, as Buffers do (`external` has these too). */
function memoryMiB(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
