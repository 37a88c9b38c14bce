import { html } from 'hono/html'
import type { Html } from '../layout.ts'

export type Tile = {
  readonly title: string
  readonly value: Html
  readonly note?: Html
  readonly kind?: 'good' | 'bad' | 'care' | ''
}

/** Figures to be seen at a glance; their places stay where they are, whatever they say. */
export const tiles = (all: readonly Tile[]) =>
  html`<dl class="tiles">${all.map(
    ({ title, value, note, kind = '' }) =>
      html`<div class="tile ${kind}"><dt>${title}</dt><dd><span class="figure">${value}</span>${note === undefined ? '' : html`<span class="note">${note}</span>`}</dd></div>`,
  )}</dl>`
