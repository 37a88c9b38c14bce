/**
 * Checks any number of CSRs with every reader that is on this machine:
 *
 *     npm run test:conformance -- --count 10000 --seed 1
 *
 * The first disagreement of each batch is made as small as it can be. Exits 0 when there is none.
 */
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { checkCsrs, type Disagreement, type ReadyReader } from './check-csrs.ts'
import { describeDisagreements } from './describe-disagreements.ts'
import { csrMaker, specsOf, type TestedCsr } from './make-csrs.ts'
import { csrReaders } from './readers/index.ts'
import { readyReaders, stopReaders } from './ready-readers.ts'
import { smallestOf } from './smallest-spec.ts'

const batchSize = 500
const mostShown = 20

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keytool: { type: 'string', default: '' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const keytoolCount = values.keytool === '' ? count : Number(values.keytool)
const say = (line: string) => process.stdout.write(`${line}\n`)

const started = performance.now()
const readers = await readyReaders()
for (const { reader } of readers) say(`${reader.name}: ${await reader.version()}`)
const found = await checkAll(readers)
await stopReaders(readers)

const seconds = Math.round((performance.now() - started) / 1000)
for (const line of describeDisagreements(found.slice(0, mostShown))) say(line)
const names = readers.map(({ reader }) => reader.name).join(', ')
say(
  `${count} CSRs, seed ${seed}, read by the package, ${names}: ${found.length} disagreements in ${seconds} s`,
)
if (found.length > 0 || readers.length < csrReaders.length) process.exitCode = 1

async function checkAll(ready: readonly ReadyReader[]): Promise<Disagreement[]> {
  const make = csrMaker()
  const bar = new SingleBar({
    format: '{bar} {value}/{total} CSRs, {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  })
  bar.start(count, 0)
  const all: Disagreement[] = []
  for (let done = 0; done < count; done += batchSize) {
    const specs = await specsOf(seed + done / batchSize, Math.min(batchSize, count - done))
    const csrs: TestedCsr[] = []
    for (const spec of specs) csrs.push(await make(spec))
    const handed = ready.map((one) => limited(one, keytoolCount - done))
    const disagreements = await checkCsrs(csrs, handed)
    const [first] = disagreements
    if (first !== undefined) all.push(await smallestOf(first, make, handed))
    all.push(...disagreements)
    bar.update(done + specs.length)
  }
  bar.stop()
  return all
}

/** keytool may be handed the first CSRs only. */
function limited(ready: ReadyReader, left: number): ReadyReader {
  return ready.reader.name === 'keytool' ? { ...ready, most: Math.max(0, left) } : ready
}
