import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The root of the project. */
export const root = resolve(import.meta.dirname, '../..')

export const readText = (path: string) => readFileSync(join(root, path), 'utf8')

/** Every page, as a path from the root. */
export const pages: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** A fenced block of a page. `directly` says that only blank lines are between it and the block before. */
export type Block = {
  readonly language: string
  readonly text: string
  readonly line: number
  readonly directly: boolean
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let end = 0
  for (const match of markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const [whole, language = '', text = ''] = match
    const before = markdown.slice(0, match.index)
    const directly = blocks.length > 0 && before.slice(end).trim() === ''
    blocks.push({ language, text, line: before.split('\n').length, directly })
    end = match.index + whole.length
  }
  return blocks
}

export const withoutBlocks = (markdown: string) => markdown.replace(/^```.*?^```$/gms, '')

/** The rows of all tables of a page whose header starts with these columns; code marks are taken off. */
export function tableRows(markdown: string, columns: readonly string[]): string[][] {
  const rows: string[][] = []
  let inside = false
  for (const line of withoutBlocks(markdown).split('\n')) {
    const cells = cellsOf(line)
    if (!cells) inside = false
    else if (columns.every((column, index) => cells[index] === column)) inside = true
    else if (inside && !/^-+$/.test(cells[0] ?? '')) rows.push(cells)
  }
  return rows
}

function cellsOf(line: string): string[] | undefined {
  if (!/^\|.*\|$/.test(line)) return undefined
  const cells = line.slice(1, -1).split('|')
  return cells.map((cell) => cell.trim().replaceAll('`', ''))
}

/** The target of a heading's link, as GitHub makes it. */
export const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
