import { expect } from 'vitest'

/** The page with this table in the place of the one with the same columns. */
export function withTable(page: string, text: string): string {
  const [head = ''] = text.split('\n')
  const start = page.indexOf(`\n${head}\n`) + 1
  expect(start, `the page has a table with the columns ${head}`).toBeGreaterThan(0)
  const end = start + (/^(\|.*\n)+/.exec(page.slice(start))?.[0].length ?? 0)
  return page.slice(0, start) + text + page.slice(end)
}

/** A table in Markdown. */
export function table(columns: string[], rows: string[][]): string {
  const lines = [columns, columns.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** A text in which Markdown finds nothing to do; a table ends a cell at every bar. */
export function plain(text: string): string {
  return text.replace(/[\\`*<|]/g, '\\$&')
}
