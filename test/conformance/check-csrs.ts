import { askedReading } from './asked-reading.ts'
import type { TestedCsr } from './make-csrs.ts'
import { ownFaults } from './own-faults.ts'
import { disagreements, type Opinion } from './readers/compare.ts'
import { abilities, type CsrReader, type RunningReader } from './readers/reader.ts'
import { tableFaults } from './readers/table-faults.ts'

/**
 * A reader that is ready; whether its table was made with this very version, which then has to do
 * as it says; and how many of a batch it is handed: the first of them.
 */
export type ReadyReader = {
  reader: CsrReader
  running: RunningReader
  tabled: boolean
  most?: number
}

/** Something in which a reader, or the package itself, contradicts what was asked for. */
export type Disagreement = { by: string; what: string; csr: TestedCsr }

const everything = abilities({ no: [] })

/** Has a batch read by everyone and gives what does not agree with the specs. */
export async function checkCsrs(
  csrs: readonly TestedCsr[],
  readers: readonly ReadyReader[],
): Promise<Disagreement[]> {
  const own = await Promise.all(
    csrs.map(async (csr) => {
      const faults = await ownFaults(csr.der, csr.spec, csr.spki)
      return faults.map((what) => ({ by: 'the package', what, csr }))
    }),
  )
  const theirs = await Promise.all(readers.map((ready) => checkWith(csrs, ready)))
  return [...own.flat(), ...theirs.flat()]
}

async function checkWith(
  csrs: readonly TestedCsr[],
  { reader, running, tabled, most = csrs.length }: ReadyReader,
): Promise<Disagreement[]> {
  const handed = csrs.slice(0, most)
  const readings = await running.readAll(handed.map(({ der }) => der))
  return handed.flatMap((csr, i) => {
    const { algorithm } = csr.spec.key
    const asked: Opinion = {
      by: 'the spec',
      can: everything[algorithm],
      reading: askedReading(csr.spec, csr.spki),
    }
    const reading = readings[i] ?? { accepted: false, error: 'gave no reading' }
    const can = reader.can[algorithm]
    const faults = [
      ...disagreements(asked, { by: reader.name, can, reading }),
      ...(tabled ? tableFaults(can, reading) : []),
    ]
    return faults.map((what) => ({ by: reader.name, what, csr }))
  })
}
