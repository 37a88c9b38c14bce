/** /dashboard/login: the page to log in on, and what ends a session again. Anybody may see it. */
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { clientUrl } from '../../authentication/client-address.ts'
import type { Env, Services } from '../../services.ts'
import { expected, nextStep } from '../error-page.ts'
import { readForm } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { alertBox } from '../parts/alert.ts'
import { brand } from '../parts/icon.ts'
import { home } from '../sections.ts'
import { readConsoleSession, startConsoleSession } from '../session.ts'

const path = '/dashboard/login'
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

export const loginPage = (services: Services) =>
  new Hono<Env>()
    // For assets/login.js.
    .get('/session', async (c) => {
      const session = readConsoleSession(c)
      const caller = session && services.authenticator.authenticate(session, c.get('address'))
      return c.json({ isLoggedIn: (await caller?.catch(() => undefined)) !== undefined })
    })
    .get('/login', (c) => {
      const next = nextOf(c.req.query('next'))
      return answerPage(c, page(services, c, { next, alert: noticeOf(c) }))
    })
    .post('/login', async (c) => {
      const form = await readForm(c)
      const next = nextOf(form.get('next') ?? undefined)
      const username = form.get('username') ?? ''
      try {
        const password = form.get('password') ?? ''
        const address = c.get('address')
        const caller = await services.authenticator.logIn({ username, password }, address)
        await startConsoleSession(services, c, caller)
      } catch (error) {
        const { alert, status } = refusal(error)
        return answerPage(c, page(services, c, { next, username, alert }), status)
      }
      return c.redirect(next, 303)
    })

function refusal(thrown: unknown): { alert: Html; status: 401 | 429 } {
  if (thrown instanceof ServiceError && thrown.code === 'credentials_invalid') {
    const next =
      'Check both and try again. Users of other tenants than default log in as user@tenant.'
    return {
      alert: alertBox('danger', 'The user name or the password is not right.', next),
      status: 401,
    }
  }
  const error = expected(thrown)
  return { alert: alertBox('danger', error.message, nextStep(error)), status: 429 }
}

type Shown = { readonly next: string; readonly username?: string; readonly alert: Html }

const page = (services: Services, c: Context<Env>, { next, username = '', alert }: Shown) => ({
  title: 'Log in',
  scripts: ['login.js'] as const,
  main: html`<p class="brand">${brand}<span>csr-foundry</span></p><div class="login" data-next="${next}">${alert}${plainHttpWarning(services, c)}
<form method="post" action="${path}" class="panel">
<input type="hidden" name="next" value="${next}">
<label>User name<input name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${username === '' ? html` autofocus` : ''}></label>
<label>Password<input type="password" name="password" autocomplete="current-password" required${username === '' ? '' : html` autofocus`}></label>
<button class="primary">Log in</button>
</form></div>`,
})

/** Browsers send the session over HTTPS alone, but for this very machine. */
function plainHttpWarning(services: Services, c: Context<Env>): Html {
  const { protocol, hostname, port } = clientUrl(services, c)
  if (protocol === 'https:' || loopback.test(hostname)) return ''
  const tunnel = `ssh -L ${port || '80'}:127.0.0.1:${port || '80'} ${hostname}`
  return alertBox(
    'warning',
    'This page came over plain HTTP: your browser will not stay logged in.',
    html`Open it by HTTPS: set <code>TLS_CERT_FILE</code> and <code>TLS_KEY_FILE</code>, or name the proxy that
      ends HTTPS in <code>TRUSTED_PROXIES</code>. Or come through a tunnel, <code>${tunnel}</code>, and open
      <code>http://127.0.0.1:${port || '80'}${home}</code>.`,
  )
}

/** Where the reader wanted to go: within the console, whatever a link says. */
function nextOf(given: string | undefined): string {
  if (given === undefined || !URL.canParse(given, 'http://console')) return home
  const { origin, pathname, search } = new URL(given, 'http://console')
  const isOwn = origin === 'http://console' && pathname.startsWith(`${home}/`)
  return isOwn && pathname !== path ? `${pathname}${search}` : home
}

export const loggedOut = withNotice(path, 'logged-out')
export const passwordChanged = withNotice(path, 'password-changed')
