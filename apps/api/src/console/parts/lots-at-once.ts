import { type ConcurrencyChange, concurrencyChange, type LaneName } from '@csr-foundry/native-api'
import { html } from 'hono/html'
import { parseFields } from '../forms.ts'
import type { Html } from '../layout.ts'

const lanes = ['fast', 'slow'] as const satisfies readonly LaneName[]
type OfLanes = { readonly [lane in LaneName]?: number | undefined }

/** How many lots of each lane are worked on at once, to be changed. `set`: what stands in the fields; `now`: what is told where nothing does. */
export const lotsFields = ({ set = {}, now = {} }: { set?: OfLanes; now?: OfLanes }): Html =>
  html`${lanes.map(
    (lane) =>
      html`<label class="beside">${lane}<input type="number" name="${lane}" min="1" max="64" step="1" value="${set[lane] ?? ''}" placeholder="${now[lane] ?? ''}"></label>`,
  )}`

/** The change that a form asks for; `empty`: what an empty field means. @throws {ServiceError} `attribute_invalid` */
export function lotsChangeOf(form: URLSearchParams, empty: null | undefined): ConcurrencyChange {
  const asked = lanes.map((lane) => {
    const text = (form.get(lane) ?? '').trim()
    return [lane, text === '' ? empty : Number(text)] as const
  })
  return parseFields(concurrencyChange, Object.fromEntries(asked))
}
