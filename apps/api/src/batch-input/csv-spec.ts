import type { SpecFault } from '@csr-foundry/csr'
import { type CsvColumn, type CsvRow, csvColumns } from './csv-columns.ts'
import { namesOfCell } from './csv-names.ts'

/** A row of a CSV as a spec that `parseSpec` takes. */
export function specInputOf(row: CsvRow): object {
  const input: Record<string, unknown> = {}
  const parts: Record<string, Record<string, string>> = {}
  for (const [column, text] of Object.entries(row) as [CsvColumn, string][]) {
    const [field, part]: readonly [string, string?] = csvColumns[column]
    if (part === undefined) {
      input[field] = column === 'sans' ? namesOfCell(text) : text
      continue
    }
    parts[field] ??= {}
    parts[field][part] = text
  }
  return Object.assign(input, parts)
}

const columnsByPlace: ReadonlyMap<string, string> = new Map([
  ...Object.entries(csvColumns).map(([column, path]) => [pathPointer(path), `/${column}`] as const),
  // Where a request says nothing of whom it is for.
  ['/subject', '/common_name'] as const,
  ['/key', '/key_algorithm'] as const,
])

/** Faults of a spec at the columns that they come from; of names the place in their cell, counted from 0. */
export function columnFaults(faults: readonly SpecFault[]): SpecFault[] {
  return faults.map(({ pointer, detail, code }) => {
    if (pointer === '/key/algorithm' && code !== undefined) {
      return {
        pointer: '/key_algorithm',
        detail: 'stands beside a key_id; leave one of them empty',
      }
    }
    return { pointer: columnOf(pointer), detail: detail.replaceAll('/subjectAltNames/', '/sans/') }
  })
}

function columnOf(pointer: string): string {
  const [, field, index] = pointer.split('/')
  if (field === 'subjectAltNames' && index !== undefined) return `/sans/${index}`
  return columnsByPlace.get(pointer) ?? pointer
}

function pathPointer(path: readonly string[]): string {
  return `/${path.join('/')}`
}
