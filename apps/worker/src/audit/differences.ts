/**
 * Tells what became of entries: holds what was sealed against what lies there, and names each difference at its place.
 *
 * Rules: an entry that lies where it was not sealed, and is missing where it was, has been moved. What it takes to tell that is
 * kept of the first 1,000 differences; the others are only counted.
 */
import { type AuditFinding, contentOf, idOf, recordOrder } from '@csr-foundry/records'
import { finding } from './finding.ts'

const differencesKept = 1_000

/** At `id` lies what was not sealed there (`found`), or what was sealed there (`sealed`) does not lie. Both are hashes. */
type Difference = {
  readonly id: string
  readonly sealed?: string
  readonly found?: string
  /** The entries that lie next to it. */
  readonly after: string | undefined
  before?: string
}

export class Differences {
  readonly #kept: Difference[] = []
  /** Those that wait to be told which entry lies after them. */
  #open: Difference[] = []
  /** The entry that was met last. */
  #last: Buffer | undefined
  #more = 0

  /** How many there were beyond those that are told. */
  get more(): number {
    return this.#more
  }

  /** Compares the records that a seal covers with those of the entries that lie there, both in order. */
  async compare(sealed: readonly Buffer[], found: AsyncIterable<readonly Buffer[]>): Promise<void> {
    let next = 0
    for await (const page of found) {
      for (const record of page) next = this.#meet(record, sealed, next)
    }
    for (const record of sealed.slice(next)) this.#missing(record)
  }

  /** Takes an entry that lies there; gives the index of the sealed record that is next to be met. */
  #meet(record: Buffer, sealed: readonly Buffer[], from: number): number {
    let next = from
    let expected = sealed[next]
    while (expected && recordOrder(expected, record) < 0) {
      this.#missing(expected)
      next += 1
      expected = sealed[next]
    }
    const isOne = expected !== undefined && recordOrder(expected, record) === 0
    this.#present(record, isOne ? expected : undefined)
    return isOne ? next + 1 : next
  }

  #present(record: Buffer, sealed: Buffer | undefined): void {
    for (const difference of this.#open) difference.before = idOf(record)
    this.#open = []
    if (!sealed?.equals(record)) {
      this.#keep(record, { found: contentOf(record), ...(sealed && { sealed: contentOf(sealed) }) })
    }
    this.#last = record
  }

  #missing(record: Buffer): void {
    const difference = this.#keep(record, { sealed: contentOf(record) })
    if (difference) this.#open.push(difference)
  }

  #keep(record: Buffer, contents: Pick<Difference, 'sealed' | 'found'>): Difference | undefined {
    if (this.#kept.length === differencesKept) {
      this.#more += 1
      return undefined
    }
    const difference: Difference = {
      id: idOf(record),
      ...contents,
      after: this.#last && idOf(this.#last),
    }
    this.#kept.push(difference)
    return difference
  }

  /** All that were kept, in the order of their places; call it when all is compared. */
  findings(): AuditFinding[] {
    const origins = this.#originsOfMoved()
    const gone = new Set(origins.values())
    const findings: AuditFinding[] = []
    let run: Difference[] = []
    for (const difference of this.#kept) {
      const isRemoved = difference.found === undefined && !gone.has(difference)
      if (run.length > 0 && !(isRemoved && run[0]?.after === difference.after)) {
        findings.push(ofRemoved(run))
        run = []
      }
      if (isRemoved) run.push(difference)
      else findings.push(...ofPresent(difference, origins.get(difference), gone))
    }
    if (run.length > 0) findings.push(ofRemoved(run))
    return findings
  }

  /** For each place where an entry lies that was sealed at another: that other place. */
  #originsOfMoved(): Map<Difference, Difference> {
    const missing = Map.groupBy(this.#kept, ({ sealed }) => sealed)
    const origins = new Map<Difference, Difference>()
    for (const difference of this.#kept) {
      const origin = difference.found && missing.get(difference.found)?.shift()
      if (origin) origins.set(difference, origin)
    }
    return origins
  }
}

function ofRemoved(run: readonly Difference[]): AuditFinding {
  const [first] = run
  const place = {
    entry: first?.id,
    to: run.at(-1)?.id,
    after: first?.after,
    before: first?.before,
    count: run.length,
  }
  return finding(first?.before === undefined ? 'cut' : 'removed', place)
}

/** What lies at a place and was not sealed there; nothing for a place that an entry was only moved away from. */
function ofPresent(
  difference: Difference,
  origin: Difference | undefined,
  gone: ReadonlySet<Difference>,
): AuditFinding[] {
  const { id, sealed, found } = difference
  if (found === undefined) return []
  if (!origin) return [finding(sealed === undefined ? 'added' : 'changed', { entry: id })]
  const moved = finding('moved', { entry: id, from: origin.id })
  // What was sealed here lies nowhere else either.
  const isLost = sealed !== undefined && !gone.has(difference)
  return isLost ? [moved, finding('changed', { entry: id })] : [moved]
}
