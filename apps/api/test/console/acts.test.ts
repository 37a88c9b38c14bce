import { listTokens, listUsers, readAudit, readBatch, readRequest } from '@csr-foundry/records'
import { beforeAll, expect, test } from 'vitest'
import { ask, post, send } from '../dialects/native/native-calls.ts'
import { take } from '../dialects/native/play-worker.ts'
import { defaultPlace, password } from '../start-api.ts'
import { withApi } from '../with-api.ts'
import { auditedBy } from './audited-by.ts'
import { type Browser, logInAt, openBrowser } from './log-in.ts'

const api = withApi()
let admin: Browser

beforeAll(async () => {
  admin = await openBrowser(api, 'admin')
})

async function failedRequest(): Promise<string> {
  const { id } = (await post(api, { subject: { commonName: 'edge' } })).body
  await (await take(api.redis, id)).fail()
  return id
}

test('a failed request is tried again, and the audit says the same as of the API', async () => {
  const [one, other] = [await failedRequest(), await failedRequest()]
  const byPage = await auditedBy(api, async () => {
    const answer = await admin.post(`/dashboard/requests/${one}/retry`)
    expect(answer.headers.get('location')).toBe(`/dashboard/requests/${one}?done=request-retried`)
  })
  const byApi = await auditedBy(api, () =>
    ask(api, `/v1/requests/${other}/retry`, { method: 'POST' }),
  )
  expect((await readRequest(api.redis, defaultPlace, one))?.state).toBe('queued')
  expect(byPage).toEqual(byApi.map((entry) => ({ ...entry, ids: [one] })))
  expect(byPage).toMatchObject([{ by: 'user:admin', action: 'request.retry' }])
  expect((await admin.post(`/dashboard/requests/${one}/retry`)).status).toBe(409)
})

test('a batch is cancelled and retried as the API does it', async () => {
  const rows = [{ subject: { commonName: 'edge' } }]
  const { id } = (await send<{ id: string }>(api, 'POST', '/v1/batches', rows)).body
  expect((await admin.get(`/dashboard/batches/${id}`)).text).toContain('data-events')
  const entries = await auditedBy(api, () => admin.post(`/dashboard/batches/${id}/cancel`))
  expect(entries).toContainEqual({
    by: 'user:admin',
    action: 'batch.cancel',
    ids: [id],
    outcome: expect.any(String),
  })
  await expect
    .poll(async () => (await readBatch(api.redis, defaultPlace, id))?.counts.cancelled)
    .toBe(1)
  expect((await admin.get(`/dashboard/batches/${id}`)).text).not.toContain('data-events')
  expect((await admin.post(`/dashboard/batches/${id}/retry`)).status).toBeOneOf([303, 409])
})

test('the results of a batch are fetched as a file', async () => {
  const rows = [{ ref: 'rack-1', subject: { commonName: 'edge' } }]
  const { id } = (await send<{ id: string }>(api, 'POST', '/v1/batches', rows)).body
  const csv = await admin.get(`/dashboard/batches/${id}/results/csv`)
  expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="batch-${id}.csv"`)
  expect(csv.text).toContain('rack-1')
  const tar = await admin.get(`/dashboard/batches/${id}/results/tar.gz`)
  expect([tar.status, tar.headers.get('content-type')]).toEqual([200, 'application/gzip'])
  expect((await admin.get(`/dashboard/batches/${id}/results/exe`)).status).toBe(404)
})

test('a user is made with a password that is shown once and lets him in', async () => {
  const fields = { name: 'mira', roles: ['submit', 'read'] }
  const entries = await auditedBy(api, async () => {
    const { status, text, headers } = await admin.post('/dashboard/users', fields)
    expect([status, headers.get('cache-control')]).not.toContain('public')
    const shown = /<code>([\w-]{24})<\/code>/.exec(text)?.[1] ?? ''
    expect((await logInAt(api, 'mira', shown)).status).toBe(303)
    expect((await admin.get('/dashboard/users')).text).not.toContain(shown)
  })
  expect(entries).toContainEqual({
    by: 'user:admin',
    action: 'user.create',
    ids: ['mira'],
    outcome: 'done',
  })
  const again = await admin.post('/dashboard/users', fields)
  expect([again.status, again.text.includes('value="mira"')]).toEqual([400, true])
  for (const faulty of [
    { name: 'a b', roles: [] },
    { name: 'x', roles: ['root'] },
  ] as const) {
    expect((await admin.post('/dashboard/users', faulty)).status).toBe(400)
  }
})

test('a new password ends his sessions and the old one', async () => {
  await api.user('renewed', ['read'])
  const renewed = await openBrowser(api, 'renewed')
  const { text } = await admin.post('/dashboard/users/renewed/password')
  const shown = /<code>([\w-]{24})<\/code>/.exec(text)?.[1] ?? ''
  expect((await renewed.get('/dashboard/batches')).status).toBe(303)
  expect((await logInAt(api, 'renewed')).status).toBe(401)
  expect((await logInAt(api, 'renewed', shown)).status).toBe(303)
})

test('roles are changed, and a user is deleted; nobody gives what he does not have, nor ends the last administrator', async () => {
  await api.user('plain', ['read', 'admin'])
  const plain = await openBrowser(api, 'plain')
  expect(
    (await plain.post('/dashboard/users/plain/roles', { roles: ['read', 'operate'] })).status,
  ).toBe(403)
  expect((await plain.post('/dashboard/users/admin/delete')).status).toBe(403)
  await admin.post('/dashboard/users/plain/roles', { roles: ['audit'] })
  const { users } = await listUsers(api.redis, defaultPlace, { limit: 100 })
  expect(users.find(({ name }) => name === 'plain')?.roles).toEqual(['audit'])
  expect((await plain.get('/dashboard/users')).status).toBe(403)
  await admin.post('/dashboard/users/plain/delete')
  expect((await plain.get('/dashboard/account')).status).toBe(303)
  expect((await admin.post('/dashboard/users/admin/delete')).status).toBe(409)
})

test('a token is made, shown once, and ended; a form that is sent again makes no second', async () => {
  const fields = { name: 'fleet', roles: ['read'], lifetime: '30', once: 'abc' }
  const { text, status } = await admin.post('/dashboard/tokens', fields)
  const token = /<code>(cf_[\w-]+)<\/code>/.exec(text)?.[1] ?? ''
  expect(status).toBe(201)
  const headers = { authorization: `Bearer ${token}` }
  expect((await api.call('/v1/requests', { headers })).status).toBe(200)
  const again = await admin.post('/dashboard/tokens', fields)
  expect([again.status, again.text.includes(token)]).toEqual([400, false])
  const list = await admin.get('/dashboard/tokens')
  expect(list.text).not.toContain(token)
  const { tokens } = await listTokens(api.redis, defaultPlace, { limit: 100 })
  const made = tokens.filter(({ name }) => name === 'fleet')
  expect(made).toHaveLength(1)
  expect((made[0]?.expires ?? 0) - Date.now()).toBeGreaterThan(29 * 86_400_000)
  await admin.post(`/dashboard/tokens/${made[0]?.id}/delete`)
  expect((await api.call('/v1/requests', { headers })).status).toBe(401)
})

test('a key is destroyed when nothing uses it', async () => {
  const { id } = (await post(api, { subject: { commonName: 'edge' } })).body
  await (await take(api.redis, id)).finish()
  expect((await admin.post(`/dashboard/keys/${id}/delete`)).status).toBe(409)
  expect((await admin.get('/dashboard/keys')).text).not.toContain(`/dashboard/keys/${id}/delete`)
})

test('whoever changes his password has to know the one that counts, and is logged out', async () => {
  await api.user('own', ['read'])
  const own = await openBrowser(api, 'own')
  const path = '/dashboard/account/password'
  const wrong = await own.post(path, { current: 'not it not it', new: 'another password' })
  expect([wrong.status, wrong.text.includes('not it')]).toEqual([400, false])
  expect((await own.post(path, { current: password, new: 'short' })).status).toBe(400)
  const changed = await own.post(path, { current: password, new: 'another password' })
  expect(changed.headers.get('location')).toBe('/dashboard/login?done=password-changed')
  expect((await own.get('/dashboard/batches')).status).toBe(303)
  expect((await logInAt(api, 'own', 'another password')).status).toBe(303)
})

test('who reads the audit, or the list of keys, leaves an entry, as by the API', async () => {
  const { entries } = await readAudit(api.redis, defaultPlace, { limit: 1 })
  await admin.get('/dashboard/audit')
  await admin.get('/dashboard/keys')
  const after = await readAudit(api.redis, defaultPlace, { limit: 10, after: entries[0]?.id ?? '' })
  expect(after.entries.map(({ action }) => action).toSorted()).toEqual(['audit.read', 'key.list'])
})
