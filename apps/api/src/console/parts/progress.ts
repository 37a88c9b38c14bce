import type { BatchView } from '@csr-foundry/native-api'
import { html } from 'hono/html'
import { countText, numberText } from './figures.ts'

type Counts = BatchView['counts']

const parts = [
  ['ready', ({ ready }: Counts) => ready],
  ['failed', ({ failed }: Counts) => failed],
  ['cancelled', ({ cancelled }: Counts) => cancelled],
] as const

/** How far a batch is: ready, failed and cancelled side by side, on what was taken in. */
export function progressBar(counts: Counts) {
  const { accepted } = counts
  let from = 0
  const bars = parts.map(([name, of]) => {
    const width = accepted === 0 ? 0 : (of(counts) / accepted) * 100
    const bar = html`<rect class="${name}" x="${from.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`
    from += width
    return bar
  })
  return html`<svg class="progress" role="img" aria-label="${wordsOf(counts)}">${bars}</svg>`
}

/** `1,204 of 2,000`. */
export const doneText = ({ ready, failed, cancelled, accepted }: Counts): string =>
  `${numberText(ready + failed + cancelled)} of ${numberText(accepted)}`

const wordsOf = (counts: Counts): string =>
  `${doneText(counts)} done: ${countText(counts.ready, 'ready', 'ready')}, ${numberText(counts.failed)} failed`
