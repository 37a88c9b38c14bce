/**
 * Hands any number of hostile inputs to the CSR reader, lint and the key importer:
 *
 *     npm run test:fuzz -- --count 100000 --seed 1
 *
 * Exits 1 when one makes a foreign error, takes too long, or the heap and the buffers beside it grow.
 */
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { fuzzCsr } from './fuzz-csr.ts'

const mostMs = 50
const mostGrowthMiB = 16
const mostShown = 10

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const say = (line: string) => process.stdout.write(`${line}\n`)

const started = performance.now()
await fuzzCsr({ count: Math.min(count, 3000), seed: seed + 1, mostMs })
const before = memoryMiB()
const bar = new SingleBar({
  format: '{bar} {value}/{total} inputs, {eta_formatted} left',
  noTTYOutput: true,
  notTTYSchedule: 10_000,
})
bar.start(count, 0)
const { faults, slowest } = await fuzzCsr({ count, seed, mostMs }, (done) => {
  if (done % 500 === 0) bar.update(done)
})
bar.stop()
const growth = memoryMiB() - before

for (const { target, kind, what, input } of faults.slice(0, mostShown)) {
  say(`${target}, ${kind}: ${what}\n  ${input.subarray(0, 2000).toString('base64')}`)
}
const seconds = Math.round((performance.now() - started) / 1000)
say(
  `slowest: ${slowest.ms.toFixed(1)} of ${mostMs} ms (${slowest.target}, ${slowest.kind}); ${growth.toFixed(1)} MiB of heap and buffers more than before`,
)
say(`${count} inputs, seed ${seed}: ${faults.length} faults in ${seconds} s`)
if (faults.length > 0 || growth > mostGrowthMiB) process.exitCode = 1

/** Of the heap and of what objects on it hold outside, as Buffers do (`external` has these too). */
function memoryMiB(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
