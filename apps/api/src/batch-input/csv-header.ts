import type { SpecFault } from '@csr-foundry/csr'
import { BatchInputError } from './batch-input-error.ts'
import { type CsvColumn, columnNames, isColumn } from './csv-columns.ts'

const mostFaults = 20
const longestName = 80

/**
 * The columns that the first record of a CSV names, each once, spelled as they are in the table.
 *
 * @throws {BatchInputError} `header_invalid`, with every name that is wrong
 */
export function columnsOf(names: readonly string[], line: number): CsvColumn[] {
  const faults = names.flatMap((name, i) => {
    const detail = whyNot(name, names.indexOf(name) < i)
    return detail === undefined ? [] : [{ pointer: pointerOf(name), detail }]
  })
  if (faults.length > 0) throw new BatchInputError('header_invalid', shortened(faults), line)
  return names.filter(isColumn)
}

function whyNot(name: string, isThereAlready: boolean): string | undefined {
  if (name.includes('\r')) return 'has a CR alone; lines end with LF or CRLF'
  if (!isColumn(name)) return `is not a column; ${columnNames.join(', ')} are, separated by commas`
  return isThereAlready ? 'is there twice; each column is allowed once' : undefined
}

function pointerOf(name: string): string {
  const short = name.length > longestName ? `${name.slice(0, longestName).toWellFormed()}…` : name
  return `/${short.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function shortened(faults: readonly SpecFault[]): readonly SpecFault[] {
  if (faults.length <= mostFaults) return faults
  const detail = `has ${faults.length - mostFaults} more faults in its first line`
  return [...faults.slice(0, mostFaults), { pointer: '', detail }]
}
