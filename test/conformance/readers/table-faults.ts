import type { Ability } from './reader.ts'
import { type Reading, type ReadingField, readingFields } from './reading.ts'

/**
 * What a reader did although its table says that it cannot, one sentence for each cell that is no
 * longer true. The other way round, a field that it should have read and has not, is a disagreement.
 */
export function tableFaults(
  can: Readonly<Record<ReadingField, Ability>>,
  reading: Reading,
): string[] {
  if (Object.values(can).includes('refuses')) {
    return reading.accepted ? ['its table says that it refuses such a CSR, which it has read'] : []
  }
  return readingFields
    .filter((field) => can[field] === 'no' && tells(reading, field))
    .map((field) => `${field}: its table says that it does not tell it, which it has done`)
}

const idCe = '2.5.29.'

/** Fields that are no members of a reading, and those of which a part is there at all times. */
const told: Partial<Record<ReadingField, (reading: Reading) => boolean>> = {
  signatureValid: ({ signatureValid }) => typeof signatureValid === 'boolean',
  stringTypes: ({ subject }) =>
    subject?.flat().some(({ stringType }) => stringType !== undefined) === true,
  key: ({ key }) => key !== undefined && key.kind !== 'other',
  spki: ({ key }) => key?.spkiSha256 !== undefined,
  // A reader has an order of its own.
  extensionOrder: () => false,
  // Readers that decode X.509's own extensions have the octets of others.
  extensionValues: ({ extensions }) =>
    extensions?.some(({ oid, value }) => value !== undefined && oid.startsWith(idCe)) === true,
}

function tells(reading: Reading, field: ReadingField): boolean {
  const tellsIt = told[field]
  if (tellsIt !== undefined) return tellsIt(reading)
  return (reading as Partial<Record<ReadingField, unknown>>)[field] !== undefined
}
