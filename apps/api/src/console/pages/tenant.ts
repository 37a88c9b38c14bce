/** /dashboard/tenants/{name}: one tenant, its limit, and whether anybody of it gets in. */
import { tenantChange, tenantName } from '@csr-foundry/native-api'
import { defaultTenant, readTenant, type Tenant, type TenantChange } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { accountNotFound } from '../../dialects/native/accounts/account-not-found.ts'
import { changeTenant } from '../../dialects/native/accounts/tenant-acts.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { confirmForm, parseFields, postForm, readForm } from '../forms.ts'
import { answerPage, type Page } from '../layout.ts'
import { type Notice, noticeOf, withNotice } from '../notices.ts'
import { exactly, numberText } from '../parts/figures.ts'
import { queuedLimitField, queuedLimitOf } from '../parts/queued-limit.ts'
import { stateBadge } from '../parts/state.ts'
import { facts } from '../parts/table.ts'

const path = '/dashboard/tenants'

export const tenantPage = (services: Services) => {
  const change = async (c: Context<Env>, asked: TenantChange, notice: Notice) => {
    const { name } = await changeTenant(services, c.get('place'), nameOf(c), asked)
    services.authenticator.accountsChanged()
    return c.redirect(withNotice(`${path}/${name}`, notice), 303)
  }
  return new Hono<Env>()
    .use(requireRole('tenants'))
    .get('/:name', async (c) => {
      const tenant = await readTenant(services.redis, nameOf(c))
      if (!tenant) throw accountNotFound('tenant', nameOf(c))
      return answerPage(c, page(c, tenant))
    })
    .post('/:name/limits', async (c) => {
      const queuedRequests = queuedLimitOf(await readForm(c)) ?? null
      const asked = parseFields(tenantChange, { limits: { queuedRequests } })
      return await change(c, asked, 'tenant-limited')
    })
    .post('/:name/close', (c) => change(c, { closed: true }, 'tenant-closed'))
    .post('/:name/open', (c) => change(c, { closed: false }, 'tenant-opened'))
}

/** @throws {ServiceError} `account_not_found` for what cannot be a name */
function nameOf(c: Context<Env>): string {
  const name = c.req.param('name') ?? ''
  if (!tenantName.safeParse(name).success) throw accountNotFound('tenant', name)
  return name
}

function page(c: Context<Env>, { name, created, closed, limits }: Tenant): Page {
  const { queuedRequests } = limits
  return {
    title: name,
    above: [{ title: 'Tenants', path }],
    main: html`${noticeOf(c)}<section class="panel" aria-labelledby="tenant"><h2 id="tenant">Tenant</h2>${facts(
      [
        ['State', stateBadge(closed === undefined ? 'open' : 'closed')],
        ['Closed since', closed === undefined ? undefined : exactly(closed)],
        ['Made', created === undefined ? 'with the installation' : exactly(created)],
        [
          'Queued requests',
          queuedRequests === undefined
            ? 'no limit of its own'
            : `${numberText(queuedRequests)} at most`,
        ],
        [
          'Its users log in as',
          html`<code>${name === defaultTenant ? 'NAME' : `NAME@${name}`}</code>`,
        ],
      ],
    )}</section>
<section class="panel" aria-labelledby="limits"><h2 id="limits">Limit</h2>${postForm(
      c,
      `${path}/${name}/limits`,
      html`${queuedLimitField(String(queuedRequests ?? ''))}<button class="primary">Change the limit</button>`,
      'stack',
    )}</section>
${name === defaultTenant ? '' : entrance(c, name, closed !== undefined)}`,
  }
}

const entrance = (c: Context<Env>, name: string, isClosed: boolean) =>
  html`<section class="panel" aria-labelledby="entrance"><h2 id="entrance">Who gets in</h2><p class="muted">${
    isClosed
      ? 'None of its users and tokens. Nothing of the tenant is deleted.'
      : 'Its users and tokens. Its administrators make them.'
  }</p><div class="row">${
    isClosed
      ? postForm(
          c,
          `${path}/${name}/open`,
          html`<button class="primary">Open ${name} again</button>`,
        )
      : confirmForm(c, `${path}/${name}/close`, {
          ...{ label: 'Close…', kind: 'danger', act: `Close ${name}` },
          question:
            'None of its users and tokens gets in, at once; calls and pages that are open end. What is queued is still made, nothing is deleted, and it can be opened again.',
        })
  }</div></section>`
