import Table from 'cli-table3'
import type { CsrFacts } from './csr-facts.ts'
import { formatDuration } from './format-duration.ts'
import type { FetchedCsr } from './lxca-client.ts'
import type { Screen } from './screen.ts'

/** A CSR that lies in its file and was verified. */
export type FinishedCsr = CsrFacts &
  Pick<FetchedCsr, 'queued' | 'working'> & { readonly path: string }

/** What all but the paths and the two columns of names takes, borders and padding included. */
const otherColumns = 40
const shortestNames = 40
const mostAltNames = 2

/** One row for each CSR, as wide as the screen allows. */
export function csrTable(csrs: readonly FinishedCsr[], screen: Screen): string {
  const pathRoom = Math.max('path'.length, ...csrs.map(({ path }) => path.length))
  const room = Math.max(shortestNames, screen.width - otherColumns - pathRoom)
  const longest = Math.max(...csrs.map(({ commonName = '' }) => commonName.length))
  const nameRoom = Math.min(longest, Math.floor(room / 2))
  const table = new Table({
    head: ['path', 'CN', 'key', 'SANs', 'queued', 'working'].map((text) =>
      screen.style('bold', text),
    ),
    colAligns: ['right', 'left', 'left', 'left', 'right', 'right'],
    chars: borders((line) => screen.style('dim', line)),
    // The library's own colours know neither NO_COLOR nor whether this is a terminal.
    style: { head: [], border: [], compact: true },
  })
  for (const csr of csrs) {
    table.push([
      csr.path,
      shorten(csr.commonName ?? '', nameRoom),
      csr.key,
      shortList(csr.altNames, room - nameRoom),
      timeText(csr.queued),
      timeText(csr.working),
    ])
  }
  return table.toString()
}

/** The first names, as many as there is room for but never more than two, and how many more there are: `a, b +3`. */
function shortList(names: readonly string[], room: number): string {
  for (let shown = Math.min(mostAltNames, names.length); shown > 1; shown -= 1) {
    const text = listOf(names, shown)
    if (text.length <= room) return text
  }
  const [first] = names
  if (first === undefined) return 'none'
  const rest = listOf(names, 1).length - first.length
  return listOf([shorten(first, room - rest), ...names.slice(1)], 1)
}

function listOf(names: readonly string[], shown: number): string {
  const more = names.length - shown
  return `${names.slice(0, shown).join(', ')}${more > 0 ? ` +${more}` : ''}`
}

const shorten = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 1)}…`

const timeText = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '–' : formatDuration(milliseconds)

function borders(paint: (text: string) => string) {
  const lines = {
    top: '─',
    'top-mid': '┬',
    'top-left': '╭',
    'top-right': '╮',
    bottom: '─',
    'bottom-mid': '┴',
    'bottom-left': '╰',
    'bottom-right': '╯',
    left: '│',
    'left-mid': '├',
    mid: '─',
    'mid-mid': '┼',
    right: '│',
    'right-mid': '┤',
    middle: '│',
  }
  return Object.fromEntries(Object.entries(lines).map(([place, line]) => [place, paint(line)]))
}
