import { html } from 'hono/html'
import type { Html } from '../layout.ts'

/** How many queued requests a tenant may have, to be changed; as text, since it may be what was refused. */
export const queuedLimitField = (value: string): Html =>
  html`<label>Queued requests at most<input type="number" name="queuedRequests" value="${value}" min="0" max="1000000000" step="1" aria-describedby="queued-rule"><span class="muted" id="queued-rule">Empty: no limit of its own. 0: nothing new is taken</span></label>`

/** As a form has it; undefined where it is empty. A schema says what it is good for. */
export function queuedLimitOf(form: URLSearchParams): number | undefined {
  const text = (form.get('queuedRequests') ?? '').trim()
  return text === '' ? undefined : Number(text)
}
