/** /dashboard: the first page that its reader may see. */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Env, Services } from '../../services.ts'
import { answerPage } from '../layout.ts'
import { empty } from '../parts/table.ts'
import { sectionsFor } from '../sections.ts'
import { endConsoleSession } from '../session.ts'
import { loggedOut } from './login.ts'

export const homePage = (services: Services) =>
  new Hono<Env>()
    .get('/', (c) => {
      const [first] = sectionsFor(c.get('principal').roles)
      return first ? c.redirect(first.path, 303) : answerPage(c, nothingToSee(c))
    })
    .post('/logout', async (c) => {
      await endConsoleSession(services, c)
      return c.redirect(loggedOut, 303)
    })

const nothingToSee = (c: Context<Env>) => ({
  title: `Hello, ${c.get('principal').name}`,
  main: empty(
    'There is no page for your account yet.',
    html`Ask an administrator of your tenant for a role: <code>read</code> shows batches, requests and keys,
      <code>audit</code> the audit, <code>admin</code> users and tokens.`,
  ),
})
