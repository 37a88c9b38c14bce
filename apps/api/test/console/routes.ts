/** Every page of the console and every form, and who may have it: held to the routes of the application. */
import type { Role } from '@csr-foundry/records'
import type { Fields } from './log-in.ts'

export type ConsoleRoute = {
  readonly method: 'GET' | 'POST'
  readonly route: string
  /** A role, or only to have logged in. */
  readonly needs: Role | 'session'
  /** What it is called with where its parameters are to name nothing that there is; else the route itself. */
  readonly path?: string
  readonly fields?: Fields
  /** What it answers to who may have it, of things that are not there. */
  readonly answers: number
}

const get = (
  route: string,
  needs: ConsoleRoute['needs'],
  answers = 200,
  path = route,
): ConsoleRoute => ({
  ...{ method: 'GET', route, needs, answers, path },
})
const post = (
  route: string,
  needs: ConsoleRoute['needs'],
  {
    answers = 404,
    fields = {},
    path = route.replace(/:(id|name)/, '999999').replace(':lane', 'fast'),
  } = {},
): ConsoleRoute => ({ method: 'POST', route, needs, answers, fields, path })

const missing = (route: string) => route.replace(':id', '999999').replace(':name', 'nobody')
const gone = (route: string, needs: ConsoleRoute['needs']) => get(route, needs, 404, missing(route))

const worker = 'nowhere%3A4711'

export const consoleRouteTable: readonly ConsoleRoute[] = [
  get('/dashboard', 'session', 303),
  get('/dashboard/account', 'session'),
  post('/dashboard/account/password', 'session', { answers: 400 }),
  get('/dashboard/overview', 'operate'),
  get('/dashboard/overview/figures', 'operate'),
  get('/dashboard/overview/failures', 'operate'),
  get('/dashboard/overview/dead-lots', 'operate'),
  post('/dashboard/overview/failures/retry', 'operate', {
    answers: 303,
    fields: { code: 'csr_not_made' },
  }),
  post('/dashboard/overview/dead-lots/:id/retry', 'operate'),
  post('/dashboard/overview/lanes/:lane/pause', 'operate', { answers: 303 }),
  post('/dashboard/overview/lanes/:lane/resume', 'operate', { answers: 303 }),
  ...['drain', 'resume', 'concurrency'].map((act) =>
    post(`/dashboard/overview/workers/:id/${act}`, 'operate', {
      path: `/dashboard/overview/workers/${worker}/${act}`,
    }),
  ),
  post('/dashboard/overview/concurrency', 'operate', { answers: 303 }),
  get('/dashboard/batches', 'read'),
  gone('/dashboard/batches/:id', 'read'),
  gone('/dashboard/batches/:id/events', 'read'),
  get(
    '/dashboard/batches/:id/results/:form{csv|tar\\.gz}',
    'read',
    404,
    '/dashboard/batches/999999/results/csv',
  ),
  post('/dashboard/batches/:id/cancel', 'submit'),
  post('/dashboard/batches/:id/retry', 'submit'),
  get('/dashboard/requests', 'read'),
  gone('/dashboard/requests/:id', 'read'),
  post('/dashboard/requests/:id/retry', 'submit'),
  get('/dashboard/failures', 'read'),
  post('/dashboard/failures/retry', 'submit', { answers: 303, fields: { code: 'csr_not_made' } }),
  get('/dashboard/keys', 'read'),
  post('/dashboard/keys/:id/delete', 'submit'),
  get('/dashboard/users', 'admin'),
  gone('/dashboard/users/:name', 'admin'),
  post('/dashboard/users', 'admin', { answers: 400 }),
  post('/dashboard/users/:name/roles', 'admin'),
  post('/dashboard/users/:name/password', 'admin'),
  post('/dashboard/users/:name/delete', 'admin'),
  get('/dashboard/tokens', 'admin'),
  post('/dashboard/tokens', 'admin', { answers: 400 }),
  post('/dashboard/tokens/:id/delete', 'admin'),
  get('/dashboard/tenants', 'tenants'),
  gone('/dashboard/tenants/:name', 'tenants'),
  post('/dashboard/tenants', 'tenants', { answers: 400 }),
  ...['limits', 'close', 'open'].map((act) => post(`/dashboard/tenants/:name/${act}`, 'tenants')),
  get('/dashboard/audit', 'audit'),
  // Last: it ends the session.
  post('/dashboard/logout', 'session', { answers: 303 }),
]

/** For anybody. */
export const openRoutes = [
  'GET /dashboard/assets/:digest/:name',
  ...['GET /dashboard/session', 'GET /dashboard/login', 'POST /dashboard/login'],
]

/** A stream that is told apart by its type: it does not end. */
export const streams = ['GET /dashboard/overview/events']
