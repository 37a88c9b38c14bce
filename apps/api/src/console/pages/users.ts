/**
 * /dashboard/users: the users of the tenant. A password is made here, not chosen by who gives it away, and shown once: its
 * user changes it when he has logged in.
 */
import { randomBytes } from 'node:crypto'
import { newUserBody, userChange, userName } from '@csr-foundry/native-api'
import {
  changeUser,
  createUser,
  deleteUser,
  listUsers,
  type Role,
  readUser,
  type User,
} from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { hashNewPassword } from '../../authentication/hash-new-password.ts'
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
import { type Column, older, table } from '../parts/table.ts'

const path = '/dashboard/users'
const perPage = 100

export const usersPage = (services: Services) => {
  const { redis, authenticator } = services
  return new Hono<Env>()
    .use(requireRole('admin'))
    .get('/', async (c) => answerPage(c, await page(services, c)))
    .post('/', async (c) => {
      const form = await readForm(c)
      const [name, roles] = [form.get('name') ?? '', form.getAll('roles') as Role[]]
      const password = newPassword()
      try {
        const asked = parseFields(newUserBody, { name, roles, password })
        requireRolesFor(c.get('place').tenant, asked.roles)
        const user = { ...asked, password: await hashNewPassword(services, c, password) }
        const { login } = await createUser(redis, c.get('place'), user, c.get('principal'))
        authenticator.accountsChanged()
        return answerPage(c, passwordPage(`User ${name} is made`, login, password), 201)
      } catch (thrown) {
        return answerPage(
          c,
          await page(services, c, { alert: errorAlert(expected(thrown)), name, roles }),
          400,
        )
      }
    })
    .post('/:name/roles', async (c) => {
      const { roles = [] } = parseFields(userChange, {
        roles: (await readForm(c)).getAll('roles') as Role[],
      })
      requireRolesFor(c.get('place').tenant, roles)
      const name = nameOf(c)
      if (!(await changeUser(redis, c.get('place'), name, { roles }, c.get('principal')))) {
        throw accountNotFound('user', name)
      }
      authenticator.accountsChanged()
      return c.redirect(withNotice(path, 'user-changed'), 303)
    })
    .post('/:name/password', async (c) => {
      const name = nameOf(c)
      const password = newPassword()
      const change = { password: await hashNewPassword(services, c, password) }
      const user = await changeUser(redis, c.get('place'), name, change, c.get('principal'))
      if (!user) throw accountNotFound('user', name)
      authenticator.accountsChanged()
      return answerPage(c, passwordPage(`User ${name} has a new password`, user.login, password))
    })
    .post('/:name/delete', async (c) => {
      const name = nameOf(c)
      if (!(await deleteUser(redis, c.get('place'), name, c.get('principal')))) {
        throw accountNotFound('user', name)
      }
      authenticator.accountsChanged()
      return c.redirect(withNotice(path, 'user-deleted'), 303)
    })
    .get('/:name', async (c) => {
      const name = nameOf(c)
      const user = await readUser(redis, c.get('place'), name)
      if (!user) throw accountNotFound('user', name)
      return answerPage(c, userPage(c, user))
    })
}

/** 144 bits. */
const newPassword = () => randomBytes(18).toString('base64url')

function nameOf(c: Context<Env>): string {
  const name = c.req.param('name') ?? ''
  if (!userName.safeParse(name).success) throw accountNotFound('user', name)
  return name
}

type Entered = { readonly alert: Html; readonly name: string; readonly roles: readonly string[] }

async function page({ redis }: Services, c: Context<Env>, entered?: Entered) {
  const after = c.req.query('after')
  const place = c.get('place')
  const { users, next } = await listUsers(redis, place, { after, limit: perPage })
  const { alert = noticeOf(c), name = '', roles = ['submit', 'read'] } = entered ?? {}
  return {
    title: 'Users',
    main: html`${alert}${table('Users by name', columns, users)}${next && older(path, { after: next }, 'More')}
<section class="panel" aria-labelledby="new"><h2 id="new">New user</h2>${postForm(
      c,
      path,
      html`<label>Name<input name="name" value="${name}" required maxlength="64" pattern="[\\w.\\-]+" autocapitalize="none" spellcheck="false" autocomplete="off"></label>
${roleBoxes(place.tenant, roles)}<p class="muted">A password is made for him and shown to you once.</p>
<button class="primary">Make the user</button>`,
      'stack',
    )}</section>`,
  }
}

const columns: readonly Column<User>[] = [
  { title: 'Name', cell: ({ name }) => html`<a href="${path}/${name}">${name}</a>` },
  { title: 'Logs in as', cell: ({ login }) => html`<span class="name">${login}</span>` },
  { title: 'Roles', cell: ({ roles }) => roleList(roles) },
  { title: 'Made', cell: ({ created }) => ago(created) },
]

const passwordPage = (title: string, login: string, password: string) => ({
  title,
  above: [{ title: 'Users', path }],
  main: shownOnce(
    'password',
    password,
    html`It is for <b>${login}</b>. Nobody can look it up again; give it to him in a safe way, and let him change it at “Your account”.`,
    path,
  ),
})

const userPage = (c: Context<Env>, { name, login, roles }: User) => ({
  title: name,
  above: [{ title: 'Users', path }],
  main: html`<section class="panel" aria-labelledby="rights"><h2 id="rights">What he may do</h2><p class="muted">${name} logs in as <b>${login}</b>.</p>${postForm(
    c,
    `${path}/${name}/roles`,
    html`${roleBoxes(c.get('place').tenant, roles)}<button class="primary">Change the roles</button>`,
    'stack',
  )}</section>
<section class="panel" aria-labelledby="more"><h2 id="more">Password and account</h2><div class="row">${confirmForm(
    c,
    `${path}/${name}/password`,
    {
      label: 'New password…',
      question: 'All of his sessions end. The new password is shown to you once.',
      act: 'Make a new password',
    },
  )}${confirmForm(c, `${path}/${name}/delete`, {
    ...{ label: 'Delete…', kind: 'danger', act: `Delete ${name}` },
    question: 'He can log in no more, and all of his sessions end.',
  })}</div></section>`,
})
