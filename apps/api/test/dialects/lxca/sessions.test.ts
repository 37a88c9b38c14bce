import { installationKeys } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { password, startApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'

const api = withApi()

/** What Lenovo's Python client sends with every call, a body or not. */
const json = { 'content-type': 'application/json; charset=utf-8' }

const logIn = (body: unknown) =>
  api.call('/sessions', {
    method: 'POST',
    headers: { ...json, authorization: '' },
    body: JSON.stringify(body),
  })

/** A session, and how to call with it: with its cookies and, unless it is left out, its CSRF token. */
async function startSession() {
  const response = await logIn({ UserId: 'admin', password })
  const { session } = ((await response.json()) as { response: { session: Session } }).response
  const cookies = response.headers.getSetCookie()
  const cookie = cookies.map((one) => one.split(';')[0]).join('; ')
  const call = (method: string, path: string, { token = session.csrf, body = '' } = {}) =>
    api.call(path, {
      method,
      headers: { ...json, authorization: '', cookie, ...(token && { 'x-csrf-token': token }) },
      ...(body !== '' && { body }),
    })
  return { session, cookies, call }
}

type Session = { readonly id: string; readonly csrf: string }

test('POST /sessions gives the session in the body and in the cookies that clients know', async () => {
  const response = await logIn({ UserId: 'admin', password })
  expect(response.status).toBe(200)
  expect(await response.clone().json()).toMatchObject({
    result: 'success',
    messages: [{ id: 'FQXHMSE0001I' }],
    response: {
      pwChangeRequired: false,
      session: { UserId: 'admin', isOwnSession: true, inactivityTimeout: '1440' },
    },
  })
  const answer = (await response.json()) as { response: { session: Session } }
  const { id, csrf } = answer.response.session
  expect(response.headers.getSetCookie()).toEqual([
    `JSESSIONID=${id}; Path=/; HttpOnly; SameSite=Strict`,
    `csrf=${csrf}; Path=/; SameSite=Strict`,
    'inactivityTimeout=1440; Path=/; SameSite=Strict',
    'user=admin; Path=/; SameSite=Strict',
  ])
  expect(id).not.toBe(csrf)
})

test('cookies are Secure where the client uses HTTPS, and a trusted proxy alone may say so', async () => {
  const { redisUrl } = api
  await using behindProxy = await startApi({ redisUrl, trustedProxies: ['10.0.0.1'] })
  const headers = { ...json, authorization: '', 'x-forwarded-proto': 'https' }
  const body = JSON.stringify({ UserId: 'admin', password })
  const areSecure = async (peer: string) => {
    const response = await behindProxy.call('/sessions', { method: 'POST', headers, body }, peer)
    return response.headers.getSetCookie().map((cookie) => cookie.includes('; Secure'))
  }
  expect(await areSecure('10.0.0.1')).toEqual([true, true, true, true])
  expect(await areSecure('10.0.0.2')).toEqual([false, false, false, false])
})

test('a client of an older LXCA may ask for a heart beat', async () => {
  const asked = { heartBeatEnabled: 'true', maxLostHeartBeats: '3' }
  expect((await logIn({ UserId: 'admin', password, ...asked })).status).toBe(200)
})

test('all faults of the body come in one answer, and what was sent as a password in none', async () => {
  const response = await logIn({
    UserId: 7,
    password: '',
    passwd: 'swordfish',
    heartBeatEnabled: 1,
  })
  expect(response.status).toBe(400)
  expect(response.headers.getSetCookie()).toEqual([])
  const text = await response.text()
  expect(text).not.toContain('swordfish')
  const { messages } = JSON.parse(text) as { messages: { id: string; text: string }[] }
  expect(messages.map((message) => message.text).toSorted()).toEqual([
    'UserId must be a string.',
    'heartBeatEnabled must be true or false.',
    'passwd is not known here; leave it out.',
    'password is empty.',
  ])
  expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['CSRF0103E']))
})

test('a session reads without its CSRF token, and changes nothing without it', async () => {
  const { call } = await startSession()
  expect((await call('GET', '/certificatePolicy', { token: '' })).status).toBe(200)
  const calls = [
    ['POST', '/certificateSigningRequest', '{}'],
    ['PUT', '/certificatePolicy', '{"specName":"CNSA"}'],
    ['DELETE', '/certificateSigningRequest?path=1', ''],
    ['DELETE', '/sessions', ''],
  ] as const
  for (const [method, path, body] of calls) {
    for (const token of ['', 'guessed']) {
      const response = await call(method, path, { token, body })
      expect(response.status, `${method} ${path} ${token}`).toBe(403)
      expect(await response.json()).toMatchObject({
        result: 'failure',
        messages: [{ id: 'CSRF0204E' }],
      })
    }
  }
  expect((await call('POST', '/certificateSigningRequest', { body: '{}' })).status).toBe(200)
})

test('the CSRF token of another session is not taken', async () => {
  const [one, other] = [await startSession(), await startSession()]
  const token = other.session.csrf
  const response = await one.call('PUT', '/certificatePolicy', {
    token,
    body: '{"specName":"CNSA"}',
  })
  expect(response.status).toBe(403)
})

test('DELETE /sessions ends this session and no other, and takes its cookies back', async () => {
  const [one, other] = [await startSession(), await startSession()]
  const ended = await one.call('DELETE', '/sessions')
  expect(ended.status).toBe(200)
  expect(await ended.json()).toMatchObject({
    result: 'success',
    messages: [{ id: 'FQXHMSE0001I' }],
  })
  const cleared = ended.headers.getSetCookie()
  expect(cleared).toHaveLength(4)
  for (const cookie of cleared) expect(cookie).toMatch(/^\w+=; Max-Age=0; Path=\//)
  expect((await one.call('GET', '/aicc')).status).toBe(401)
  expect((await one.call('DELETE', '/sessions')).status).toBe(401)
  expect((await other.call('GET', '/aicc')).status).toBe(200)
})

test('with HTTP Basic DELETE /sessions ends nothing and succeeds, and a session is not needed', async () => {
  expect((await api.call('/sessions', { method: 'DELETE', headers: json })).status).toBe(200)
  expect((await api.call('/aicc', { headers: json })).status).toBe(200)
})

test('GET and DELETE with a Content-Type and no body are answered everywhere', async () => {
  const { call } = await startSession()
  const { answer } = await api.create({})
  const path = `/certificateSigningRequest?path=${answer.response?.path}`
  const paths = ['/aicc', '/tasks', '/certificatePolicy', '/certificateSettings']
  for (const one of paths) expect((await call('GET', one)).status, one).toBe(200)
  expect((await call('GET', path)).status).toBe(202)
  expect((await call('DELETE', path)).status).toBe(200)
  expect((await call('DELETE', '/sessions')).status).toBe(200)
})

test('Redis holds neither the cookie nor the CSRF token in clear', async () => {
  const { session } = await startSession()
  const names = await api.redis.keys(installationKeys.session('*'))
  expect(names.length).toBeGreaterThan(0)
  const dump = await Promise.all(names.map((name) => api.redis.hgetall(name)))
  const text = JSON.stringify([names, dump])
  expect(text).not.toContain(session.id)
  expect(text).not.toContain(session.csrf)
})

test('neither cookies nor tokens are in the log', async () => {
  const { session, call } = await startSession()
  await call('GET', '/aicc')
  expect(api.logged()).toContain('/aicc')
  for (const secret of [session.id, session.csrf, password, 'swordfish', 'guessed']) {
    expect(api.logged()).not.toContain(secret)
  }
})

test('while Redis is full a log-out is refused, as its audit entry has no room, and the session goes on until it is asked again', async () => {
  const { call } = await startSession()
  await api.redis.config('SET', 'maxmemory', 1)
  const refused = await call('DELETE', '/sessions')
  await api.redis.config('SET', 'maxmemory', 0)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
  expect(refused.headers.getSetCookie()).toEqual([])
  expect(await refused.json()).toMatchObject({ messages: [{ id: 'CSRF0503W' }] })
  expect((await call('GET', '/certificatePolicy')).status).toBe(200)
  expect((await call('DELETE', '/sessions')).status).toBe(200)
  expect((await call('GET', '/certificatePolicy')).status).toBe(401)
})
