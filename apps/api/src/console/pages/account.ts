/** /dashboard/account: who is logged in, and a new password for him. */
import { passwordChange } from '@csr-foundry/native-api'
import { changeUser } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { hashNewPassword } from '../../authentication/hash-new-password.ts'
import type { Env, Services } from '../../services.ts'
import { errorAlert, expected } from '../error-page.ts'
import { parseFields, postForm, readForm } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { facts } from '../parts/table.ts'
import { endConsoleSession } from '../session.ts'
import { passwordChanged } from './login.ts'

export const accountPage = (services: Services) =>
  new Hono<Env>()
    .get('/', (c) => answerPage(c, page(c)))
    .post('/password', async (c) => {
      try {
        await changePassword(services, c)
      } catch (thrown) {
        const error = wrongPassword(thrown) ?? expected(thrown)
        return answerPage(c, page(c, errorAlert(error)), 400)
      }
      services.authenticator.accountsChanged()
      await endConsoleSession(services, c)
      return c.redirect(passwordChanged, 303)
    })

/** As PUT /v1/accounts/self/password does it. */
async function changePassword(services: Services, c: Context<Env>): Promise<void> {
  const { password, principal } = c.get('caller')
  const form = await readForm(c)
  const { currentPassword, newPassword } = parseFields(passwordChange, {
    currentPassword: form.get('current') ?? '',
    newPassword: form.get('new') ?? '',
  })
  const shown = { username: password?.login ?? '', password: currentPassword }
  await services.authenticator.logIn(shown, c.get('address'))
  const change = { password: await hashNewPassword(services, c, newPassword) }
  const place = c.get('place')
  if (!(await changeUser(services.redis, place, principal.name, change, c.get('principal')))) {
    throw new ServiceError('credentials_invalid')
  }
}

const wrongPassword = (thrown: unknown) =>
  thrown instanceof ServiceError && thrown.code === 'credentials_invalid'
    ? new ServiceError('attribute_invalid', {
        detail: 'The password was not changed.',
        faults: [{ pointer: '', detail: 'The current password is not right' }],
      })
    : undefined

function page(c: Context<Env>, alert: Html = '') {
  const { name, tenant, roles } = c.get('principal')
  return {
    title: 'Your account',
    main: html`${alert}<section class="panel">${facts([
      ['User', name],
      ['Tenant', tenant],
      ['Roles', roles.join(', ') || 'none'],
    ])}</section>
<section class="panel narrow" aria-labelledby="password"><h2 id="password">Change your password</h2>
<p class="muted">It ends all of your sessions, this one as well.</p>
${postForm(
  c,
  '/dashboard/account/password',
  html`<label class="hidden">User name<input name="username" value="${name}" autocomplete="username" readonly tabindex="-1"></label>
<label>Current password<input type="password" name="current" autocomplete="current-password" required></label>
<label>New password, at least 8 characters<input type="password" name="new" autocomplete="new-password" minlength="8" required></label>
<button class="primary">Change the password</button>`,
  'stack',
)}</section>`,
  }
}
