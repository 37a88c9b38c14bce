import { type Role, roles } from '@csr-foundry/records'
import { beforeAll, describe, expect, test } from 'vitest'
import { consoleRoutes } from '../../src/console/index.ts'
import { sections } from '../../src/console/sections.ts'
import { withApi } from '../with-api.ts'
import { type Browser, browserWith, openBrowser } from './log-in.ts'
import { makeAcme } from './make-acme.ts'
import { type ConsoleRoute, consoleRouteTable, openRoutes, streams } from './routes.ts'

const api = withApi()
const browsers = new Map<Role, Browser>()
let nobody: Browser

beforeAll(async () => {
  nobody = browserWith(api, '')
  for (const role of roles) {
    await api.user(`only-${role}`, [role])
    browsers.set(role, await openBrowser(api, `only-${role}`))
  }
})

const nameOf = ({ method, route }: Pick<ConsoleRoute, 'method' | 'route'>) => `${method} ${route}`
const call = (
  { method, path = '', fields }: ConsoleRoute,
  browser: Browser | undefined,
  more?: Record<string, string>,
) => (method === 'GET' ? browser?.get(path) : browser?.post(path, fields, more))

/** Whom no page is for is told so where others are sent to their first. */
const statusFor = ({ route, answers }: ConsoleRoute, role: Role) =>
  route === '/dashboard' && !seesPages.has(role) ? 200 : answers
const seesPages: ReadonlySet<Role> = new Set(sections.map(({ role }) => role))

test('the table has every route of the console, and no other', () => {
  const mounted = consoleRoutes(api.services)
    .routes.filter(({ method, path }) => /^(GET|POST)$/.test(method) && !path.endsWith('*'))
    .map(({ method, path }) => `${method} /dashboard${path === '/' ? '' : path}`)
  const tabled = [...consoleRouteTable.map(nameOf), ...openRoutes, ...streams]
  expect(tabled.toSorted()).toEqual([...new Set(mounted)].toSorted())
})

describe.each(consoleRouteTable)('$method $route', (route) => {
  test(`is for ${route.needs} alone, and for nobody without a session`, async () => {
    // To log out ends the session that the others need.
    const who = route.route === '/dashboard/logout' ? [] : roles
    const found: unknown[] = []
    for (const role of who) found.push([role, (await call(route, browsers.get(role)))?.status])
    const expected = who.map((role) => {
      const may = route.needs === 'session' || route.needs === role
      return [role, may ? statusFor(route, role) : 403]
    })
    expect(found).toEqual(expected)
    const refused = await call(route, nobody)
    expect(refused?.status).toBe(route.method === 'GET' ? 303 : 401)
    expect(refused?.text).not.toContain('name="csrf"')
  })

  if (route.method === 'GET') return
  test('changes nothing without the CSRF token of the session, nor for a page of another site', async () => {
    const browser = route.needs === 'session' ? browsers.get('read') : browsers.get(route.needs)
    const other = browsers.get('audit')?.csrf ?? ''
    for (const csrf of ['', 'guessed', ...(route.needs === 'audit' ? [] : [other])]) {
      const fields = { ...route.fields, csrf }
      expect((await call({ ...route, fields }, browser))?.status, csrf).toBe(403)
    }
    const from = { 'sec-fetch-site': 'cross-site' }
    expect((await call(route, browser, from))?.status).toBe(403)
    const json = { 'content-type': 'application/json' }
    expect((await call(route, browser, json))?.status).toBe(400)
  })
})

test('the stream of the overview is for operators alone', async () => {
  for (const [role, { cookie }] of browsers) {
    if (role === 'operate') continue
    expect((await browserWith(api, cookie).get('/dashboard/overview/events')).status, role).toBe(
      403,
    )
  }
  expect((await nobody.get('/dashboard/overview/events')).status).toBe(303)
})

test('a tenant other than default has all pages of a tenant, and none of the installation with any role it can have', async () => {
  await makeAcme(api)
  const boss = await openBrowser(api, 'boss@acme')
  const ofInstallation: ReadonlySet<string> = new Set(['operate', 'tenants'])
  const home = await boss.get('/dashboard')
  expect(home.headers.get('location')).toBe('/dashboard/batches')
  for (const { method, route, path = '', needs, answers } of consoleRouteTable) {
    if (method !== 'GET' || route === '/dashboard') continue
    expect((await boss.get(path)).status, path).toBe(ofInstallation.has(needs) ? 403 : answers)
  }
  const { text } = await boss.get('/dashboard/users')
  expect(text).toContain('boss@acme')
  expect(text).not.toMatch(/only-|overview|dashboard\/tenants|value="operate"|value="tenants"/)
})
