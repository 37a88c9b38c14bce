/** Numbers and times as people read them. */
import { html } from 'hono/html'
import { momentOf } from '../../moment-of.ts'

const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

export const none = '–'

/** `12,345`; small numbers that are not whole with one digit. */
export const numberText = (value: number): string =>
  value < 100 ? short.format(value) : whole.format(Math.round(value))

export const countText = (value: number, one: string, many = `${one}s`): string =>
  `${numberText(value)} ${value === 1 ? one : many}`

const units = [
  ...([
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const),
] as const

/** `840 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return none
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${short.format(milliseconds / 1_000)} s`
  const at = units.findIndex(([, size]) => milliseconds >= size)
  const [unit, size] = units[at] ?? units[2]
  const [lower, lowerSize] = units[at + 1] ?? ['s', 1_000]
  const rest = Math.floor((milliseconds % size) / lowerSize)
  return `${whole.format(Math.floor(milliseconds / size))} ${unit}${rest > 0 ? ` ${rest} ${lower}` : ''}`
}

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1.5 GiB`. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return none
  const step = Math.min(steps.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${short.format(bytes / 1_024 ** step)} ${steps[step]}`
}

/** What is further away is told by its day. */
const relativeWithin = 60 * 86_400_000

/** A moment by how long ago it is; the moment itself is in its title. */
export function ago(moment: number | string | undefined, now = Date.now()) {
  if (moment === undefined) return none
  const at = typeof moment === 'number' ? moment : Date.parse(moment)
  const text = Math.abs(now - at) < relativeWithin ? agoText(now - at) : momentOf(at).slice(0, 10)
  return html`<time class="ago" datetime="${momentOf(at)}" title="${exactText(at)}">${text}</time>`
}

/** A moment as it is, to the second. */
export const exactly = (milliseconds: number) =>
  html`<time datetime="${momentOf(milliseconds)}" title="${momentOf(milliseconds)}">${exactText(milliseconds)}</time>`

const exactText = (milliseconds: number) =>
  `${momentOf(milliseconds).slice(0, 19).replace('T', ' ')} UTC`

/** The same words as in assets/page.js, which keeps them true while a page is open. */
function agoText(milliseconds: number): string {
  if (milliseconds < -1_000) return `in ${coarse(-milliseconds)}`
  return milliseconds < 5_000 ? 'just now' : `${coarse(milliseconds)} ago`
}

function coarse(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
