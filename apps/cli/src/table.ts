import { visible } from './visible.ts'

const gap = '  '

/** Rows under a head, in columns as wide as they need to be; no line where there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const all = [head, ...rows].map((row) => row.map(cellText))
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  const lines = all.map((row) => row.map((cell, i) => padded(cell, widths[i] ?? 0)).join(gap))
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** Names and values, a line each, for one thing; lines whose value is not there are left out. */
export function facts(lines: Readonly<Record<string, string | undefined>>): string {
  const there = Object.entries(lines).filter(([, value]) => value !== undefined)
  const width = Math.max(...there.map(([name]) => name.length)) + 1
  return there
    .map(([name, value]) => `${`${name}:`.padEnd(width)} ${visible(value ?? '')}\n`)
    .join('')
}

/** A moment as a table shows it: to the second. */
export const momentText = (moment: string | undefined) =>
  moment?.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z') ?? '-'

/** A cell is never empty, so that programs that cut at blanks find their column. */
const cellText = (text: string) => visible(text) || '-'

/** In columns, nearly: a letter and its accents count as one. The segmenter is made when needed, since that takes its time. */
const widthOf = (text: string) =>
  /^[ -~]*$/.test(text) ? text.length : [...new Intl.Segmenter('en').segment(text)].length

const padded = (text: string, width: number) =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))
