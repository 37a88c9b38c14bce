import type { Reading, ReadingField } from './reading.ts'
import { readingFields } from './reading.ts'

/** The key algorithms that the conformance tests ask for. */
export const testedAlgorithms = [
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
] as const

/** One of `testedAlgorithms`. */
export type TestedAlgorithm = (typeof testedAlgorithms)[number]

/** Whether a reader reads a field, does not, or refuses such a CSR as a whole. */
export type Ability = 'yes' | 'no' | 'refuses'

/** What a reader can read of the CSRs of each algorithm. */
export type Abilities = Readonly<Record<TestedAlgorithm, Readonly<Record<ReadingField, Ability>>>>

/** A program that others wrote and that reads CSRs. */
export type CsrReader = {
  name: 'openssl' | 'certtool' | 'keytool' | 'go' | 'python'
  /** Says which version would read; undefined if the program is not on this machine. */
  version: () => Promise<string | undefined>
  /** What to install on Debian. */
  debianPackages: readonly string[]
  /** How `version` starts where it is Debian 12's, which the table `can` was made with. */
  debianVersion: string
  /** What Debian 12's version of the program can read. */
  can: Abilities
  start: () => Promise<RunningReader>
}

/** A reader that is ready. Batches are read one after the other. */
export type RunningReader = AsyncDisposable & {
  /**
   * One reading for each CSR, in their order. Rejects with what the program said if it dies or
   * gives no answer for a while.
   */
  readAll: (ders: readonly Buffer[]) => Promise<Reading[]>
}

/**
 * The table of a reader that reads every field of every algorithm, but for `no`, and but for
 * algorithms of which it reads only some fields or which it refuses.
 */
export function abilities(exceptions: {
  no: readonly ReadingField[]
  algorithms?: Partial<Record<TestedAlgorithm, readonly ReadingField[] | 'refuses'>>
}): Abilities {
  const { no, algorithms = {} } = exceptions
  const ability = (algorithm: TestedAlgorithm, field: ReadingField): Ability => {
    const also = algorithms[algorithm] ?? []
    if (also === 'refuses') return 'refuses'
    return no.includes(field) || also.includes(field) ? 'no' : 'yes'
  }
  const row = (algorithm: TestedAlgorithm) =>
    Object.fromEntries(readingFields.map((field) => [field, ability(algorithm, field)]))
  const rows = testedAlgorithms.map((algorithm) => [algorithm, row(algorithm)])
  return Object.fromEntries(rows) as Abilities
}

/** The row of a reader's table for the key that was read; an algorithm not tested has RSA's. */
export function abilitiesFor({ can }: CsrReader, { key }: Reading): Abilities[TestedAlgorithm] {
  const { kind, bits, curve } = key ?? {}
  const found = testedAlgorithms.find((algorithm) =>
    [kind, `${kind}-${bits}`, `ecdsa-${curve?.toLowerCase().replace('-', '')}`].includes(algorithm),
  )
  return can[found ?? 'rsa-2048']
}
