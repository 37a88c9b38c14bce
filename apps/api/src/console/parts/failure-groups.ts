import type { FailureGroup, Failures, FailuresOfTenant } from '@csr-foundry/records'
import { errorKinds } from '@csr-foundry/service'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import { postForm } from '../forms.ts'
import type { Html } from '../layout.ts'
import { countText, numberText } from './figures.ts'
import { empty } from './table.ts'

/** `path`: of the page; `linksOf`: the tenant whose requests the reader may open. */
type Shown = { readonly mayRetry: boolean; readonly path: string; readonly linksOf?: string }

/** Failed requests by code, each with what it means, what to do, and the newest of them. */
export function failureGroups(
  c: Context<Env>,
  { failed, looked, groups }: Failures,
  shown: Shown,
): Html {
  if (groups.length === 0)
    return empty('Nothing has failed.', 'What fails stays here until it is tried again or deleted.')
  const some =
    looked < failed
      ? html`<p class="muted">Counted are the newest ${numberText(looked)} of ${numberText(failed)}.</p>`
      : ''
  return html`${some}${groups.map((group) => card(c, group, shown))}`
}

function card(
  c: Context<Env>,
  { code, count, tenants }: FailureGroup,
  { mayRetry, path, linksOf }: Shown,
) {
  const { title, recovery } = errorKinds[code] ?? { title: '', recovery: '' }
  const own = linksOf !== undefined
  return html`<section class="panel group" aria-labelledby="${code}"><div class="head"><h2 id="${code}"><code>${code}</code> <span class="count">${numberText(count)}</span></h2>${mayRetry && retryForm(c, path, code, count)}</div>
<p>${title}</p><p class="muted">${recovery} <a href="/docs/errors#${code}">More about ${code}</a></p>
${tenants.map((one) => html`<p class="newest">${own ? 'Newest' : html`<b>${one.tenant}</b>, ${numberText(one.count)}; newest`}: ${pathsOf(one, linksOf)}</p>`)}</section>`
}

const pathsOf = ({ tenant, newest, count }: FailuresOfTenant, linksOf: string | undefined) =>
  html`${newest.map((id, i) => html`${i > 0 ? ', ' : ''}${tenant === linksOf ? html`<a href="/dashboard/requests/${id}">${id}</a>` : id}`)}${count > newest.length && html` <span class="muted">and ${countText(count - newest.length, 'more', 'more')}</span>`}`

const retryForm = (c: Context<Env>, path: string, code: string, count: number) =>
  html`<details class="confirm"><summary class="button">Retry…<span class="hidden"> ${code}</span></summary><div class="sheet">${postForm(
    c,
    `${path}/retry`,
    html`<input type="hidden" name="code" value="${code}"><p>${countText(count, 'request is', 'requests are')} queued again, under the same ids.</p><button class="primary">Retry</button>`,
  )}</div></details>`
