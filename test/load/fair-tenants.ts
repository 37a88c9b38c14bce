import { setTimeout as sleep } from 'node:timers/promises'
import { makeTenant } from '../e2e/make-tenant.ts'
import type { Caller } from '../e2e/start-service.ts'
import { type BulkService, type Counts, mostInHand } from './bulk-service.ts'
import { allMade, handInAlone } from './hand-in.ts'
import { percentile } from './percentile.ts'
import { say, tellPromise } from './promised.ts'

const mostDifference = 0.15
const warmUpRows = 5_000
const names = ['one-batch', 'many-batches']
const lookEvery = 250
const doneEvery = 1_000
/** Batches that a tenant may have open. */
const mostOpen = 20

/** Two tenants with as many rows, one in 1 batch and one in many: neither gets ahead of the other while both wait. */
export async function fairTenants(
  bulk: BulkService,
  { rows, batches }: { rows: number; batches: number },
): Promise<void> {
  const [one, many] = await Promise.all(names.map((name) => makeTenant(bulk.service, name)))
  if (one === undefined || many === undefined) throw new Error('There are two tenants.')
  // Until the code is compiled for what it does.
  await allMade(bulk.service, await handInAlone(bulk.service, warmUpRows))
  say(`${rows} rows in 1 batch, and in ${batches} batches of ${Math.floor(rows / batches)}`)
  const feeding = Promise.all([
    handInAlone(one, rows),
    handInMany(many, batches, Math.floor(rows / batches)),
  ])
  tellRates(await watch(bulk, feeding))
}

/** A tenant may have some batches open at a time: the next is handed in when one of them is done. */
async function handInMany(caller: Caller, batches: number, rows: number): Promise<void> {
  let left = batches
  const handInNext = async () => {
    while (left-- > 0) await allMade(caller, await handInAlone(caller, rows), doneEvery)
  }
  await Promise.all(Array.from({ length: mostOpen }, handInNext))
}

type Sample = { readonly at: number; readonly counts: readonly Counts[] }

/** Looks until all of the many batches are made. */
async function watch(bulk: BulkService, feeding: Promise<unknown>): Promise<Sample[]> {
  let isOver = false
  const ended = feeding.then(() => {
    isOver = true
  })
  const samples: Sample[] = []
  while (!isOver) {
    samples.push({ at: performance.now(), counts: await bulk.counts(names) })
    // A batch that was not taken ends it too.
    await Promise.race([sleep(lookEvery), ended])
  }
  return samples
}

/** Beyond what the workers take at once. */
const bothWait = (counts: readonly Counts[]) => counts.every(({ queued }) => queued > mostInHand)

function tellRates(samples: readonly Sample[]): void {
  const made = { seconds: 0, rows: [0, 0] }
  const differences: number[] = []
  for (const part of partsWhereBothWait(samples)) {
    made.seconds += part.seconds
    made.rows = made.rows.map((rows, tenant) => rows + (part.rows[tenant] ?? 0))
    differences.push(differenceOf(part.rows))
  }
  const rates = made.rows.map((rows) => `${(rows / made.seconds).toFixed(0)}/s`)
  say(
    `while both waited, ${made.seconds.toFixed(0)} s: ${rates[0]} of 1 batch, ${rates[1]} of many`,
  )
  const [median, worst] = [0.5, 1].map((part) => percentText(percentile(differences, part)))
  say(`second by second they differ by ${median} (median), ${worst} at most`)
  const difference = differenceOf(made.rows)
  tellPromise(
    'rates of two tenants with 1 and with many batches differ by',
    percentText(difference),
    `<= ${percentText(mostDifference)}`,
    difference <= mostDifference,
  )
}

const percentText = (part: number) => `${(100 * part).toFixed(1)} %`

const differenceOf = (rows: readonly number[]) =>
  (Math.max(...rows) - Math.min(...rows)) / Math.max(...rows)

/** Seconds at whose ends, and in between, both waited, with what was made of each in it. */
function* partsWhereBothWait(samples: readonly Sample[]) {
  let begun: Sample | undefined
  for (const sample of samples) {
    if (!bothWait(sample.counts)) begun = undefined
    else if (begun === undefined) begun = sample
    else if (sample.at - begun.at >= 1_000) {
      const before = begun.counts
      const rows = sample.counts.map(({ ready }, tenant) => ready - (before[tenant]?.ready ?? 0))
      yield { seconds: (sample.at - begun.at) / 1_000, rows }
      begun = sample
    }
  }
}
