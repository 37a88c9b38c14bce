import { checkCsrs, type Disagreement, type ReadyReader } from './check-csrs.ts'
import type { CsrMaker } from './make-csrs.ts'

/**
 * The same disagreement with as little of its spec as shows it: fields and members of lists are
 * left out one by one as long as the same reader still disagrees.
 */
export async function smallestOf(
  disagreement: Disagreement,
  make: CsrMaker,
  readers: readonly ReadyReader[],
): Promise<Disagreement> {
  const asked = readers.filter(({ reader }) => reader.name === disagreement.by)
  let smallest = disagreement
  for (let smaller: Disagreement | undefined = disagreement; smaller !== undefined; ) {
    smallest = smaller
    smaller = await firstOf(withoutOne(smallest.csr.input), async (input) => {
      const csr = await make(input).catch(() => undefined)
      const found = csr === undefined ? [] : await checkCsrs([csr], asked)
      return found.find(({ by }) => by === disagreement.by)
    })
  }
  return smallest
}

async function firstOf<T, R>(
  candidates: Iterable<T>,
  test: (candidate: T) => Promise<R | undefined>,
): Promise<R | undefined> {
  for (const candidate of candidates) {
    const found = await test(candidate)
    if (found !== undefined) return found
  }
  return undefined
}

/** The value with one field or member less, at any depth. */
function withoutOne(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((member, i) => [
      value.toSpliced(i, 1),
      ...withoutOne(member).map((smaller) => value.with(i, smaller)),
    ])
  }
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  return entries.flatMap(([name, member], i) => [
    Object.fromEntries(entries.toSpliced(i, 1)),
    ...withoutOne(member).map((smaller) => ({ ...value, [name]: smaller })),
  ])
}
