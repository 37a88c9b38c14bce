/**
 * The columns of a CSV of requests, and where in a spec each of them goes. Which there are, and in which order, its first
 * record says. An empty field is as if the column was not there.
 */
export const csvColumns = {
  ref: ['ref'],
  common_name: ['subject', 'commonName'],
  sans: ['subjectAltNames'],
  organization: ['subject', 'organization'],
  organizational_unit: ['subject', 'organizationalUnit'],
  street_address: ['subject', 'streetAddress'],
  city: ['subject', 'locality'],
  state: ['subject', 'stateOrProvince'],
  postal_code: ['subject', 'postalCode'],
  country: ['subject', 'country'],
  email: ['subject', 'email'],
  key_algorithm: ['key', 'algorithm'],
  key_id: ['key', 'id'],
  custody: ['custody'],
} as const satisfies Record<string, readonly [string, string?]>

export type CsvColumn = keyof typeof csvColumns

/** What a row of a CSV says: the fields that are not empty. */
export type CsvRow = { [Column in CsvColumn]?: string }

export const columnNames = Object.keys(csvColumns) as CsvColumn[]

export const isColumn = (name: string): name is CsvColumn => Object.hasOwn(csvColumns, name)
