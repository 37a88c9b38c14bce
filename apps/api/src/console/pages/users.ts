/**
 * /dashboard/users: the users of the tenant. A password is made here, not chosen by who gives it away, and shown once: its
 * user changes it when he has logged in.
 */
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
import { answerNew } from '../answer-new.ts'
import { confirmForm, parseFields, postForm, readForm } from '../forms.ts'
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
import { newPassword, passwordPage } from '../parts/new-password.ts'
import { roleBoxes, roleList } from '../parts/roles.ts'
import type { Column } from '../parts/table.ts'

const path = '/dashboard/users'
const all = { title: 'Users', path }

export const usersPage = (services: Services) => {
  const { redis, authenticator } = services
  return new Hono<Env>()
    .use(requireRole('admin'))
    .get('/', async (c) => answerPage(c, await page(services, c)))
    .post('/', async (c) => {
      const entered = nameAndRolesOf(await readForm(c))
      return await answerNew(
        c,
        () => make(services, c, entered),
        (alert) => page(services, c, entered, alert),
      )
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
      const title = `User ${name} has a new password`
      return answerPage(c, passwordPage(all, { title, login: user.login, password }))
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

async function make(
  services: Services,
  c: Context<Env>,
  { name, roles }: NameAndRoles,
): Promise<Page> {
  const password = newPassword()
  const asked = parseFields(newUserBody, { name, roles: [...roles], password })
  requireRolesFor(c.get('place').tenant, asked.roles)
  const user = { ...asked, password: await hashNewPassword(services, c, password) }
  const { login } = await createUser(services.redis, c.get('place'), user, c.get('principal'))
  services.authenticator.accountsChanged()
  return passwordPage(all, { title: `User ${name} is made`, login, password })
}

function nameOf(c: Context<Env>): string {
  const name = c.req.param('name') ?? ''
  if (!userName.safeParse(name).success) throw accountNotFound('user', name)
  return name
}

async function page(
  { redis }: Services,
  c: Context<Env>,
  { name, roles }: NameAndRoles = firstRoles,
  alert = noticeOf(c),
): Promise<Page> {
  const place = c.get('place')
  const { users, next } = await listUsers(redis, place, {
    ...{ after: c.req.query('after'), limit: accountsPerPage },
  })
  return accountListPage(c, {
    ...{ ...all, alert, columns, rows: users, next },
    form: {
      title: 'New user',
      fields: html`${nameField({ label: 'Name', value: name })}${roleBoxes(place.tenant, roles)}
<p class="muted">A password is made for him and shown to you once.</p>`,
      act: 'Make the user',
    },
  })
}

const columns: readonly Column<User>[] = [
  { title: 'Name', cell: ({ name }) => html`<a href="${path}/${name}">${name}</a>` },
  { title: 'Logs in as', cell: ({ login }) => html`<span class="name">${login}</span>` },
  { title: 'Roles', cell: ({ roles }) => roleList(roles) },
  { title: 'Made', cell: ({ created }) => ago(created) },
]

const userPage = (c: Context<Env>, { name, login, roles }: User) => ({
  title: name,
  above: [all],
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
