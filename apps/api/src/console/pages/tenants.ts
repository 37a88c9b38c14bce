/** /dashboard/tenants: the tenants of the installation, and none of their data. */
import { newTenantBody } from '@csr-foundry/native-api'
import { listTenants, type Tenant } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { makeTenant } from '../../dialects/native/accounts/tenant-acts.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { answerNew } from '../answer-new.ts'
import { parseFields, readForm } from '../forms.ts'
import { answerPage, type Page } from '../layout.ts'
import { noticeOf } from '../notices.ts'
import { accountListPage, accountsPerPage, nameField } from '../parts/account-list.ts'
import { ago, none, numberText } from '../parts/figures.ts'
import { newPassword, passwordPage } from '../parts/new-password.ts'
import { queuedLimitField, queuedLimitOf } from '../parts/queued-limit.ts'
import { stateBadge } from '../parts/state.ts'
import type { Column } from '../parts/table.ts'

const path = '/dashboard/tenants'
const all = { title: 'Tenants', path }

export const tenantsPage = (services: Services) =>
  new Hono<Env>()
    .use(requireRole('tenants'))
    .get('/', async (c) => answerPage(c, await page(services, c)))
    .post('/', async (c) => {
      const form = await readForm(c)
      return await answerNew(
        c,
        () => make(services, c, form),
        (alert) => page(services, c, form, alert),
      )
    })

async function make(services: Services, c: Context<Env>, form: URLSearchParams): Promise<Page> {
  const password = newPassword()
  const queuedRequests = queuedLimitOf(form)
  const asked = parseFields(newTenantBody, {
    name: form.get('name') ?? '',
    administrator: { name: form.get('administrator') ?? '', password },
    limits: queuedRequests === undefined ? {} : { queuedRequests },
  })
  const { name } = await makeTenant(services, c, asked)
  services.authenticator.accountsChanged()
  const login = `${asked.administrator.name}@${name}`
  return passwordPage(all, { title: `Tenant ${name} is made`, login, password })
}

async function page(
  { redis }: Services,
  c: Context<Env>,
  form = new URLSearchParams(),
  alert = noticeOf(c),
): Promise<Page> {
  const { tenants, next } = await listTenants(redis, {
    ...{ after: c.req.query('after'), limit: accountsPerPage },
  })
  return accountListPage(c, {
    ...{ ...all, alert, columns, rows: tenants, next },
    form: { title: 'New tenant', fields: fieldsOf(form), act: 'Make the tenant' },
  })
}

const nameRule = {
  ...{ pattern: '[a-z0-9][a-z0-9\\-]*', longest: 63 },
  words: 'Small letters, digits, dashes; it stays as it is',
}

const fieldsOf = (form: URLSearchParams) =>
  html`${nameField({ label: 'Name', value: form.get('name') ?? '', rule: nameRule })}
${nameField({ label: 'Its administrator', name: 'administrator', value: form.get('administrator') ?? 'admin' })}
${queuedLimitField(form.get('queuedRequests') ?? '')}
<p class="muted">The administrator has every role of a tenant. A password is made for him and shown to you once.</p>`

const columns: readonly Column<Tenant>[] = [
  { title: 'Name', cell: ({ name }) => html`<a href="${path}/${name}">${name}</a>` },
  {
    title: 'State',
    cell: ({ closed }) => stateBadge(closed === undefined ? 'open' : 'closed'),
  },
  { title: 'Made', cell: ({ created }) => ago(created) },
  {
    title: 'Queued at most',
    of: 'numbers',
    cell: ({ limits: { queuedRequests } }) =>
      queuedRequests === undefined ? none : numberText(queuedRequests),
  },
]
