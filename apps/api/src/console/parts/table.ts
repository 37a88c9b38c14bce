import { html } from 'hono/html'
import type { Html } from '../layout.ts'

/** `of`: numbers stand right, so that their digits are below each other. */
export type Column<Row> = {
  readonly title: string
  /** What stands at its top, where that is more than the title. */
  readonly head?: Html
  readonly cell: (row: Row) => Html
  readonly of?: 'numbers' | 'acts'
}

/**
 * A table whose rows become cards where the page is narrow. `keyOf`: where it moves, what a row is about, so that no form that is being
 * filled in becomes that of another row.
 */
export const table = <Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  keyOf?: (row: Row) => string,
): Html => html`<div class="frame"><table class="cards"><caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(
  ({ title, head = title, of }) =>
    html`<th scope="col" class="${of ?? ''}">${of === 'acts' ? html`<span class="hidden">${title}</span>` : head}</th>`,
)}</tr></thead>
<tbody>${rows.map(
  (row) =>
    html`<tr${keyOf ? html` data-key="${keyOf(row)}"` : ''}>${columns.map(
      ({ title, cell, of }) =>
        html`<td class="${of ?? ''}" data-title="${title}"><div>${cell(row)}</div></td>`,
    )}</tr>`,
)}</tbody></table></div>`

/** What stands where there is nothing yet: why, and what to do next. */
export const empty = (title: string, next: Html) =>
  html`<div class="empty"><p class="what">${title}</p><p>${next}</p></div>`

/** The way to the next page of a list. */
export const older = (
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  words = 'Older',
) => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value ? [[name, value] as [string, string]] : [],
  )
  return html`<p class="pager"><a class="button" href="${path}?${new URLSearchParams(given).toString()}" rel="next">${words}</a></p>`
}

/** What is known of one thing: names and values. */
export const facts = (list: readonly (readonly [name: string, value: Html | undefined])[]) =>
  html`<dl class="facts">${list.map(([name, value]) =>
    value === undefined || value === '' ? '' : html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`

/** A text to be copied, whole. */
export const copied = (title: string, text: string) =>
  html`<div class="copied"><pre tabindex="0" aria-label="${title}"><code>${text}</code></pre><button type="button" class="copy" hidden>Copy<span class="hidden"> ${title}</span></button></div>`
