import { createHash } from 'node:crypto'
import { changeUser, deleteUser, hashPassword, installationKeys, roles } from '@csr-foundry/records'
import { Secret } from '@csr-foundry/service'
import { expect, test } from 'vitest'
import { LoginThrottle } from '../../src/authentication/login-throttle.ts'
import { defaultPlace, password, startApi } from '../start-api.ts'
import { withApi } from '../with-api.ts'
import { browserWith, cookieName, logInAt, openBrowser } from './log-in.ts'

const api = withApi()
const by = { name: 'test', roles }

test('who logs in has a session in a cookie that no script reads and no other site sends', async () => {
  const { status, headers } = await logInAt(api, 'admin')
  expect([status, headers.get('location')]).toEqual([303, '/dashboard'])
  const [cookie = '', ...others] = headers.getSetCookie()
  expect(others).toEqual([])
  expect(
    cookie
      .split(';')
      .slice(1)
      .map((one) => one.trim())
      .toSorted(),
  ).toEqual([...['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']])
  expect(cookie).toMatch(new RegExp(`^${cookieName}=[\\w-]{43};`))
})

test('Redis holds no session by its id, and the console none by its hash alone', async () => {
  const { cookie } = await openBrowser(api, 'admin')
  const id = cookie.split('=')[1] ?? ''
  const keys = await api.redis.keys('session:*')
  expect(keys.join()).not.toContain(id)
  expect(keys).not.toContain(`session:${createHash('sha256').update(id).digest('hex')}`)
  const hash = createHash('sha256').update(`console ${id}`).digest('hex')
  expect(keys).toContain(installationKeys.session(hash))
  const { status } = await browserWith(api, `${cookieName}=${hash}`).get('/dashboard/account')
  expect(status).toBe(303)
})

test("neither a wrong password nor a stranger's name opens a session, and both are told alike", async () => {
  const told = await Promise.all(
    [logInAt(api, 'admin', 'hunter2 hunter2'), logInAt(api, 'nobody', 'hunter2 hunter2')].map(
      async (answer) => {
        const { status, headers, text } = await answer
        expect(headers.getSetCookie()).toEqual([])
        expect(text).not.toContain('hunter2')
        return [status, text.replace(/value="(admin|nobody)"/, '')]
      },
    ),
  )
  expect(told[0]).toEqual(told[1])
  expect(told[0]?.[0]).toBe(401)
})

test('wrong passwords are slowed here as everywhere', async () => {
  await api.user('slowed', ['read'])
  const throttle = new LoginThrottle(api.redis)
  for (let i = 0; i < 20; i += 1) await throttle.failed('slowed', '127.0.0.1')
  const { status, headers } = await logInAt(api, 'slowed')
  expect([status, headers.getSetCookie()]).toEqual([429, []])
})

test("LXCA's sessions are none of the console's, nor the console's sessions LXCA's or an API's", async () => {
  const answer = await api.call('/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: '' },
    body: JSON.stringify({ UserId: 'admin', password }),
  })
  const { response } = (await answer.json()) as { response: { session: { id: string } } }
  const lxca = response.session.id
  for (const cookie of [`${cookieName}=${lxca}`, `JSESSIONID=${lxca}`]) {
    expect((await browserWith(api, cookie).get('/dashboard/account')).status, cookie).toBe(303)
  }
  const { cookie } = await openBrowser(api, 'admin')
  const id = cookie.split('=')[1] ?? ''
  const paths = ['/certificatePolicy', '/v1/policy', '/v1/ops/overview', '/tls/private_keys']
  for (const path of paths) {
    for (const brought of [cookie, `JSESSIONID=${id}`]) {
      const headers = { authorization: '', cookie: brought }
      expect((await api.call(path, { headers })).status, `${path} ${brought}`).toBe(401)
    }
    const bearer = { authorization: `Bearer ${id}` }
    expect((await api.call(path, { headers: bearer })).status, path).toBe(401)
  }
})

test('a password or a token is no session: the pages take what the login gave, and nothing else', async () => {
  const bearer = await api.bearer(roles)
  for (const authorization of [bearer, `Basic ${btoa(`admin:${password}`)}`]) {
    const answer = await api.call('/dashboard/account', { headers: { authorization } })
    expect(answer.status).toBe(401)
  }
})

test('who logs out has logged out, with every copy of his cookie', async () => {
  const browser = await openBrowser(api, 'admin')
  const out = await browser.post('/dashboard/logout')
  expect([out.status, out.headers.get('location')]).toEqual([
    303,
    '/dashboard/login?done=logged-out',
  ])
  expect(out.headers.getSetCookie()[0]).toMatch(new RegExp(`^${cookieName}=;.*Max-Age=0`))
  expect((await browser.get('/dashboard/account')).status).toBe(303)
})

test('a session ends with a new password of its user, with his account, and after a day without a call', async () => {
  for (const name of ['changed', 'deleted', 'idle']) await api.user(name, ['read'])
  const [changed, deleted, idle] = await Promise.all(
    ['changed', 'deleted', 'idle'].map((name) => openBrowser(api, name)),
  )
  const stored = await hashPassword(new Secret('another password'))
  await changeUser(api.redis, defaultPlace, 'changed', { password: stored }, by)
  await deleteUser(api.redis, defaultPlace, 'deleted', by)
  const id = idle?.cookie.split('=')[1] ?? ''
  const hash = createHash('sha256').update(`console ${id}`).digest('hex')
  expect(await api.redis.ttl(installationKeys.session(hash))).toBeGreaterThan(86_000)
  await api.redis.del(installationKeys.session(hash))
  api.services.authenticator.accountsChanged()
  for (const browser of [changed, deleted, idle]) {
    expect((await browser?.get('/dashboard/account'))?.status).toBe(303)
  }
})

test('roles that are taken away count at once, in an open session as well', async () => {
  await api.user('lesser', ['read', 'audit'])
  const browser = await openBrowser(api, 'lesser')
  expect((await browser.get('/dashboard/audit')).status).toBe(200)
  await changeUser(api.redis, defaultPlace, 'lesser', { roles: ['read'] }, by)
  api.services.authenticator.accountsChanged()
  expect((await browser.get('/dashboard/audit')).status).toBe(403)
  expect((await browser.get('/dashboard/batches')).text).not.toContain('/dashboard/audit')
})

test('whoever has to log in comes to where he wanted, within the console and nowhere else', async () => {
  const anybody = browserWith(api, '')
  const sent = await anybody.get('/dashboard/requests?q=edge')
  expect(sent.headers.get('location')).toBe(
    '/dashboard/login?next=%2Fdashboard%2Frequests%3Fq%3Dedge',
  )
  const cases = [
    ['/dashboard/requests?q=edge', '/dashboard/requests?q=edge'],
    ...[
      'https://evil.example',
      '//evil.example/dashboard/',
      '/v1/requests',
      'javascript:alert(1)',
    ].map((next) => [next, '/dashboard']),
    ...['/dashboard/../v1', '/dashboard/login', '\\\\evil', '/dashboardx/'].map((next) => [
      next,
      '/dashboard',
    ]),
  ]
  for (const [next = '', expected] of cases) {
    const fields = { username: 'admin', password, next }
    const { headers } = await anybody.post('/dashboard/login', fields)
    expect(headers.get('location'), next).toBe(expected)
  }
})

test('over plain HTTP from elsewhere the page says what to do, and on this machine or over HTTPS it does not', async () => {
  const warned = async (url: string) =>
    (
      await (await api.call(`${url}/dashboard/login`, { headers: { authorization: '' } })).text()
    ).includes('plain HTTP')
  expect(await warned('http://csr.example.com:8080')).toBe(true)
  for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'https://csr.example.com']) {
    expect(await warned(url), url).toBe(false)
  }
  await using behindProxy = await startApi({ redisUrl: api.redisUrl, trustedProxies: ['10.0.0.1'] })
  const headers = { authorization: '', 'x-forwarded-proto': 'https' }
  const path = 'http://csr.example.com/dashboard/login'
  expect(await (await behindProxy.call(path, { headers }, '10.0.0.1')).text()).not.toContain(
    'plain HTTP',
  )
})

test('a page of another site logs nobody in', async () => {
  const fields = { username: 'admin', password }
  const cases = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]
  for (const headers of cases as Record<string, string>[]) {
    const answer = await browserWith(api, '').post('/dashboard/login', fields, headers)
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test('while Redis is full a log-out is refused on a page that says when to try again, and the session goes on', async () => {
  const browser = await openBrowser(api, 'admin')
  await api.redis.config('SET', 'maxmemory', 1)
  const { status, headers, text } = await browser.post('/dashboard/logout')
  await api.redis.config('SET', 'maxmemory', 0)
  expect([status, headers.get('retry-after'), headers.getSetCookie()]).toEqual([503, '30', []])
  expect(text).toContain('Try again in 30 s.')
  expect((await browser.get('/dashboard/account')).status).toBe(200)
})
