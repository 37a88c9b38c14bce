import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import { icon } from './icon.ts'

const icons = { danger: 'warning', warning: 'warning', success: 'check', info: 'info' } as const
export type AlertKind = keyof typeof icons

/** What has happened, and what to do next. Errors are told at once to who hears the page. */
export const alertBox = (kind: AlertKind, what: Html, next: Html = '') =>
  html`<div class="alert ${kind}" role="${kind === 'danger' ? 'alert' : 'status'}">${icon(icons[kind])}<div><p class="what">${what}</p>${next && html`<p>${next}</p>`}</div></div>`
