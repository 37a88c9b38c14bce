/** /dashboard/tokens: the tenant's tokens, without the tokens themselves. A new one is shown once. */
import { randomBytes } from 'node:crypto'
import { newTokenBody, tokenId } from '@csr-foundry/native-api'
import {
  callOnce,
  createToken,
  deleteToken,
  listTokens,
  type Role,
  type Token,
} from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { accountNotFound } from '../../dialects/native/accounts/account-not-found.ts'
import { requireRolesFor } from '../../dialects/native/accounts/roles-for.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { errorAlert, expected } from '../error-page.ts'
import { confirmForm, parseFields, postForm, readForm } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { ago } from '../parts/figures.ts'
import { roleBoxes, roleList } from '../parts/roles.ts'
import { shownOnce } from '../parts/shown-once.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty, older, table } from '../parts/table.ts'

const path = '/dashboard/tokens'
const perPage = 100
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
      const [name, roles] = [form.get('name') ?? '', form.getAll('roles') as Role[]]
      try {
        const asked = parseFields(newTokenBody, { name, roles, ...endOf(form.get('lifetime')) })
        requireRolesFor(c.get('place').tenant, asked.roles)
        // Sent again by a reload of the answer, the form makes no second one.
        const call = [c.get('caller').id, 'POST', path, form.get('once') ?? '']
        const once = callOnce(call, JSON.stringify([name, roles]))
        const { token } = await createToken(redis, c.get('place'), asked, c.get('principal'), once)
        authenticator.accountsChanged()
        return answerPage(c, tokenPage(name, token.reveal()), 201)
      } catch (thrown) {
        return answerPage(
          c,
          await page(services, c, { alert: errorAlert(expected(thrown)), name, roles }),
          400,
        )
      }
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

function endOf(lifetime: string | null): { expires?: string } {
  const days = Number(lifetime)
  return days > 0 && days <= 365 ? { expires: new Date(Date.now() + days * day).toISOString() } : {}
}

type Entered = { readonly alert: Html; readonly name: string; readonly roles: readonly string[] }

async function page({ redis }: Services, c: Context<Env>, entered?: Entered) {
  const after = c.req.query('after')
  const place = c.get('place')
  const { tokens, next } = await listTokens(redis, place, { after, limit: perPage })
  const { alert = noticeOf(c), name = '', roles = ['submit', 'read'] } = entered ?? {}
  return {
    title: 'Tokens',
    main: html`${alert}${tokens.length === 0 ? nothing : table('Tokens', columnsFor(c), tokens)}${next && older(path, { after: next }, 'More')}
<section class="panel" aria-labelledby="new"><h2 id="new">New token</h2>${postForm(
      c,
      path,
      html`<input type="hidden" name="once" value="${randomBytes(16).toString('base64url')}">
<label>What it is for<input name="name" value="${name}" required maxlength="64" pattern="[\\w.\\-]+" autocapitalize="none" spellcheck="false" autocomplete="off" aria-describedby="name-rule"><span class="muted" id="name-rule">Letters, digits, dots, dashes, underscores</span></label>
<label>It counts<select name="lifetime">${Object.entries(lifetimes).map(
        ([value, title]) =>
          html`<option value="${value}"${value === '90' ? html` selected` : ''}>${title}</option>`,
      )}</select></label>
${roleBoxes(place.tenant, roles)}<button class="primary">Make the token</button>`,
      'stack',
    )}</section>`,
  }
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
  above: [{ title: 'Tokens', path }],
  main: shownOnce(
    'token',
    token,
    html`Programs send it as <code>Authorization: Bearer …</code>`,
    path,
  ),
})
