/** /dashboard: pages for people, made on the server. Every one of them stands behind the session of {@link requireConsoleSession}. */
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { limitReads } from '../authentication/read-limit.ts'
import { limitWrites } from '../authentication/write-limit.ts'
import { refuseOtherSites } from '../guards.ts'
import type { Env, Services } from '../services.ts'
import { assetRoutes } from './assets.ts'
import { answerErrorPage } from './error-page.ts'
import { limitForms, requireCsrfField } from './forms.ts'
import { accountPage } from './pages/account.ts'
import { allFailuresPage } from './pages/all-failures.ts'
import { auditPage } from './pages/audit.ts'
import { batchPage } from './pages/batch.ts'
import { batchesPage } from './pages/batches.ts'
import { deadLotsPage } from './pages/dead-lots.ts'
import { failuresPage } from './pages/failures.ts'
import { homePage } from './pages/home.ts'
import { keysPage } from './pages/keys.ts'
import { loginPage } from './pages/login.ts'
import { overviewPage } from './pages/overview.ts'
import { overviewActs } from './pages/overview-acts.ts'
import { requestPage } from './pages/request.ts'
import { requestsPage } from './pages/requests.ts'
import { tenantPage } from './pages/tenant.ts'
import { tenantsPage } from './pages/tenants.ts'
import { tokensPage } from './pages/tokens.ts'
import { usersPage } from './pages/users.ts'
import { requireConsoleSession } from './session.ts'

const pages = {
  '/': [homePage],
  '/account': [accountPage],
  '/overview': [overviewPage, overviewActs, allFailuresPage, deadLotsPage],
  '/failures': [failuresPage],
  '/batches': [batchesPage, batchPage],
  '/requests': [requestsPage, requestPage],
  '/keys': [keysPage],
  '/users': [usersPage],
  '/tokens': [tokensPage],
  '/tenants': [tenantsPage, tenantPage],
  '/audit': [auditPage],
}

export function consoleRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((error, c) => answerErrorPage(services, c, error))
  app.route('/assets', assetRoutes())
  app.use(refuseOtherSites(services), limitForms)
  // Before what asks for a session: it gives them.
  app.route('/', loginPage(services))
  app.use(requireConsoleSession(services), limitReads(services), limitWrites(services))
  app.use(requireCsrfField)
  for (const [path, its] of Object.entries(pages)) {
    for (const page of its) app.route(path, page(services))
  }
  app.all('*', () => {
    throw new ServiceError('resource_unknown', { detail: 'There is no such page.' })
  })
  return app
}
