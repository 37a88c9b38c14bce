import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import { alertBox } from './alert.ts'
import { copied } from './table.ts'

/** A secret that is shown this one time: the page is kept by no cache, and asking again gives another. */
export const shownOnce = (what: string, secret: string, about: Html, back: string) =>
  html`${alertBox('warning', `This is the only time that the ${what} is shown.`, about)}
<section class="panel">${copied(`the ${what}`, secret)}</section>
<p><a class="button" href="${back}">I have kept it</a></p>`
