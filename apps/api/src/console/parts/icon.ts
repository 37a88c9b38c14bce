/** Small pictures beside words; they say nothing that the words do not. */
import { html } from 'hono/html'

const shapes = {
  check: html`<path d="M3.5 8.5l3 3 6-7"/>`,
  cross: html`<path d="M4.5 4.5l7 7m0-7l-7 7"/>`,
  warning: html`<path d="M8 2.5l6 11H2zM8 6.5v3.5m0 1.8v.2"/>`,
  clock: html`<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.2l2 1.3"/>`,
  gear: html`<path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5"/>`,
  stop: html`<rect x="4" y="4" width="8" height="8" rx="1"/>`,
  pause: html`<path d="M6 4v8m4-8v8"/>`,
  down: html`<path d="M4.5 6.5L8 10l3.5-3.5"/>`,
  search: html`<circle cx="7" cy="7" r="4"/><path d="M10 10l3.5 3.5"/>`,
  info: html`<circle cx="8" cy="8" r="5.5"/><path d="M8 7.5v3.5m0-6v.2"/>`,
} as const

export type IconName = keyof typeof shapes

export const icon = (name: IconName) =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`

/** An anvil, as in assets/icon.svg. */
export const brand = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M3 9h8v3c-4 0-7-1-8-3zM12 9h17v4h-4c-2 0-3.500 1.500-3.500 3.500 0 2 1.500 3.500 4 3.500V23H10v-3c2.500 0 4.500-1.500 4.500-4S13 12.500 12 12z"/></svg>`
