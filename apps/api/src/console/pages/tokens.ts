/** /dashboard/tokens: the tenant's tokens, without the tokens themselves. A new one is shown once. */
import { randomBytes } from 'node:crypto'
import { newTokenBody, tokenId } from '@csr-foundry/native-api'
import { callOnce, createToken, deleteToken, listTokens, type Token } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { accountNotFound } from '../../dialects/native/accounts/account-not-found.ts'
import { requireRolesFor } from '../../dialects/native/accounts/roles-for.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { answerNew } from '../answer-new.ts'
import { confirmForm, parseFields, readForm } from '../forms.ts'
import { answerPage, type Page } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import {
  accountListPage,
  accountsPerPage,
  firstRoles,
  type NameAndRoles,
  nameAndRolesOf,
  nameField,
} from '../parts/account-list.ts'
import { ago } from '../parts/figures.ts'
import { roleBoxes, roleList } from '../parts/roles.ts'
import { shownOnce } from '../parts/shown-once.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty } from '../parts/table.ts'

const path = '/dashboard/tokens'
const all = { title: 'Tokens', path }
const day = 86_400_000

/** How long a new token counts, in days. */
const lifetimes = {
  30: '30 days',
  90: '90 days',
  365: 'A year',
  never: 'Until it is ended',
} as const

export const tokensPage = (services: Services) => {
  const { redis, authenticator } = services
  return new Hono<Env>()
    .use(requireRole('admin'))
    .get('/', async (c) => answerPage(c, await page(services, c)))
    .post('/', async (c) => {
      const form = await readForm(c)
      const entered = nameAndRolesOf(form)
      return await answerNew(
        c,
        () => make(services, c, entered, form),
        (alert) => page(services, c, entered, alert),
      )
    })
    .post('/:id/delete', async (c) => {
      const id = c.req.param('id')
      const isDeleted =
        tokenId.safeParse(id).success &&
        (await deleteToken(redis, c.get('place'), id, c.get('principal')))
      if (!isDeleted) throw accountNotFound('token', id)
      authenticator.accountsChanged()
      return c.redirect(withNotice(path, 'token-deleted'), 303)
    })
}

async function make(
  { redis, authenticator }: Services,
  c: Context<Env>,
  { name, roles }: NameAndRoles,
  form: URLSearchParams,
): Promise<Page> {
  const fields = { name, roles: [...roles], ...endOf(form.get('lifetime')) }
  const asked = parseFields(newTokenBody, fields)
  requireRolesFor(c.get('place').tenant, asked.roles)
  // Sent again by a reload of the answer, the form makes no second one.
  const call = [c.get('caller').id, 'POST', path, form.get('once') ?? '']
  const once = callOnce(call, JSON.stringify([name, roles]))
  const { token } = await createToken(redis, c.get('place'), asked, c.get('principal'), once)
  authenticator.accountsChanged()
  return tokenPage(name, token.reveal())
}

function endOf(lifetime: string | null): { expires?: string } {
  const days = Number(lifetime)
  return days > 0 && days <= 365 ? { expires: new Date(Date.now() + days * day).toISOString() } : {}
}

async function page(
  { redis }: Services,
  c: Context<Env>,
  { name, roles }: NameAndRoles = firstRoles,
  alert = noticeOf(c),
): Promise<Page> {
  const place = c.get('place')
  const { tokens, next } = await listTokens(redis, place, {
    ...{ after: c.req.query('after'), limit: accountsPerPage },
  })
  return accountListPage(c, {
    ...{ ...all, alert, columns: columnsFor(c), rows: tokens, next, nothing },
    form: {
      title: 'New token',
      fields: html`<input type="hidden" name="once" value="${randomBytes(16).toString('base64url')}">
${nameField({ label: 'What it is for', value: name })}
<label>It counts<select name="lifetime">${Object.entries(lifetimes).map(
        ([value, title]) =>
          html`<option value="${value}"${value === '90' ? html` selected` : ''}>${title}</option>`,
      )}</select></label>
${roleBoxes(place.tenant, roles)}`,
      act: 'Make the token',
    },
  })
}

const nothing = empty(
  'No tokens yet.',
  'A token lets a program call the APIs, with roles of its own. Make one below.',
)

const columnsFor = (c: Context<Env>): readonly Column<Token>[] => [
  { title: 'Name', cell: ({ name }) => html`<span class="name">${name}</span>` },
  { title: 'Id', cell: ({ id }) => html`<code>${id}</code>` },
  {
    title: 'State',
    cell: ({ expires }) =>
      stateBadge(expires !== undefined && expires <= Date.now() ? 'expired' : 'open'),
  },
  { title: 'Roles', cell: ({ roles }) => roleList(roles) },
  { title: 'Made', cell: ({ created, createdBy }) => html`${ago(created)} by ${createdBy}` },
  {
    title: 'Used',
    cell: ({ lastUsed }) =>
      lastUsed === undefined ? html`<span class="muted">never</span>` : ago(lastUsed),
  },
  {
    title: 'Ends',
    cell: ({ expires }) =>
      expires === undefined ? html`<span class="muted">never</span>` : ago(expires),
  },
  {
    title: 'End it',
    of: 'acts',
    cell: ({ id, name }) =>
      confirmForm(c, `${path}/${id}/delete`, {
        ...{ label: 'End…', kind: 'danger', act: `End ${name}` },
        question: 'Whoever calls with it is refused from then on.',
      }),
  },
]

const tokenPage = (name: string, token: string) => ({
  title: `Token ${name} is made`,
  above: [all],
  main: shownOnce(
    'token',
    token,
    html`Programs send it as <code>Authorization: Bearer …</code>`,
    path,
  ),
})
