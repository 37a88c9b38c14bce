import {
  newTokenView,
  selfView,
  tenantListView,
  tenantView,
  tokenListView,
  tokenView,
  userListView,
  userView,
} from '@csr-foundry/native-api'
import type { Role, TenantPlace } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, startApi, type TestApi } from '../../../start-api.ts'
import { type Answer, ask as askOf, send as sendOf } from '../native-calls.ts'

leakGuard()

type Body = Record<string, unknown>

let api: TestApi
/** The administrator of the tenant `acme`, and one of `default` without roles of the installation. */
let boss: string
let weak: string
const acme: TenantPlace = { tenant: 'acme', shard: '{s10}' }
beforeAll(async () => {
  api = await startApi()
  const administrator = { name: 'boss', password }
  const made = await send('POST', '/tenants', { name: 'acme', administrator })
  expect(made.status).toBe(201)
  boss = `Basic ${btoa(`boss@acme:${password}`)}`
  weak = await api.user('weak', ['admin'])
})
afterAll(() => api[Symbol.asyncDispose]())

const ask = (path: string, authorization?: string, method = 'GET'): Promise<Answer<Body>> =>
  askOf(api, `/v1/accounts${path}`, {
    method,
    ...(authorization && { headers: { authorization } }),
  })
const send = (method: string, path: string, body: unknown, authorization?: string) =>
  sendOf<Body>(
    api,
    method,
    `/v1/accounts${path}`,
    body,
    authorization ? { authorization } : undefined,
  )

describe('users', () => {
  test('are made, read, changed and deleted, and answers never show a hash', async () => {
    const body = { name: 'bob', password: 'bobs password', roles: ['read'] }
    const made = await send('POST', '/users', body, boss)
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe('/v1/accounts/users/bob')
    expect(userView.strict().parse(made.body)).toMatchObject({ login: 'bob@acme', roles: ['read'] })
    const bob = `Basic ${btoa('bob@acme:bobs password')}`
    expect(selfView.strict().parse((await ask('/self', bob)).body)).toEqual({
      ...{ tenant: 'acme', name: 'bob', kind: 'user', roles: ['read'] },
    })
    const changed = await send('PATCH', '/users/bob', { roles: ['submit', 'read'] }, boss)
    expect(changed).toMatchObject({ status: 200, body: { roles: ['submit', 'read'] } })
    expect((await ask('/self', bob)).body).toMatchObject({ roles: ['submit', 'read'] })
    expect((await ask('/users/bob', boss)).body).toEqual(changed.body)
    const list = await ask('/users', boss)
    const { users } = userListView.strict().parse(list.body)
    expect(users.map(({ name }) => name)).toEqual(['bob', 'boss'])
    expect((await ask('/users/bob', boss, 'DELETE')).status).toBe(204)
    expect((await ask('/self', bob)).status).toBe(401)
    expect((await ask('/users/bob', boss)).status).toBe(404)
    expect(JSON.stringify([made, changed, list])).not.toMatch(/scrypt|generation|hash/)
  })

  test('change their own password by their current one, which ends all else that had it', async () => {
    const old = await api.user('carol', [])
    const change = (currentPassword: string, authorization = old) =>
      send('PUT', '/self/password', { currentPassword, newPassword: 'new password' }, authorization)
    expect(await change('guessed')).toMatchObject({
      status: 401,
      body: { code: 'credentials_invalid' },
    })
    expect((await change(password)).status).toBe(204)
    expect((await ask('/self', old)).status).toBe(401)
    expect((await ask('/self', `Basic ${btoa('carol:new password')}`)).status).toBe(200)
    const token = await api.bearer(['admin'])
    expect(await change(password, token)).toMatchObject({ status: 404 })
  })

  test('get a password from an administrator', async () => {
    const old = await api.user('dave', [], acme)
    const reset = await send('PATCH', '/users/dave', { password: 'given by boss' }, boss)
    expect(reset.status).toBe(200)
    expect((await ask('/self', old)).status).toBe(401)
    expect((await ask('/self', `Basic ${btoa('dave@acme:given by boss')}`)).status).toBe(200)
  })

  test('are never without an administrator', async () => {
    const code = 'last_administrator'
    const demoted = await send('PATCH', '/users/boss', { roles: ['read'] }, boss)
    expect(demoted).toMatchObject({ status: 409, body: { code } })
    expect(await ask('/users/boss', boss, 'DELETE')).toMatchObject({ status: 409, body: { code } })
  })

  test.each([
    [{}, ['/name', '/password', '/roles']],
    [{ name: 'a@b', password: 'short', roles: ['root'] }, ['/name', '/password', '/roles/0']],
    [{ name: 'x', password: 'long enough', roles: ['read', 'read'] }, ['/roles']],
    [{ name: 'x', password: 'long enough', roles: [], more: 1 }, ['/more']],
    [{ name: 'x', password: 'long enough', roles: ['read', 'operate'] }, ['/roles/1']],
  ])('POST %j names its faults', async (body, pointers) => {
    const answer = await send('POST', '/users', body, boss)
    expect(answer).toMatchObject({ status: 400, body: { code: 'attribute_invalid' } })
    const errors = answer.body.errors as { pointer: string }[]
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers)
    expect(JSON.stringify(answer.body)).not.toContain('long enough')
  })

  test('have names of their own', async () => {
    const body = { name: 'weak', password: 'long enough', roles: [] }
    expect(await send('POST', '/users', body)).toMatchObject({
      ...{ status: 409, body: { code: 'name_taken', detail: 'There is a user weak already.' } },
    })
  })
})

describe('tokens', () => {
  test('are shown once, work at once, tell of their use, and end at once', async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    const made = await send('POST', '/tokens', { name: 'ci', roles: ['read'], expires }, boss)
    expect(made.status).toBe(201)
    const { token, ...view } = newTokenView.strict().parse(made.body)
    expect(view).toMatchObject({ name: 'ci', createdBy: 'boss', expires, expired: false })
    expect((await ask('/self', `Bearer ${token}`)).body).toMatchObject({
      ...{ tenant: 'acme', name: 'token:ci', kind: 'token', expires },
    })
    const path = `/tokens/${view.id}`
    await expect
      .poll(async () => tokenView.strict().parse((await ask(path, boss)).body).lastUsed, {
        timeout: 10_000,
      })
      .toBeDefined()
    const { tokens } = tokenListView.strict().parse((await ask('/tokens', boss)).body)
    expect(tokens).toMatchObject([{ id: view.id }])
    expect((await ask(path, boss, 'DELETE')).status).toBe(204)
    expect((await ask('/self', `Bearer ${token}`)).status).toBe(401)
    expect((await ask(path, boss, 'DELETE')).status).toBe(404)
  })

  test.each([
    [{ name: 'x', roles: ['read'], expires: '2020-01-01T00:00:00Z' }, '/expires'],
    [{ name: 'x', roles: ['read'], expires: 'tomorrow' }, '/expires'],
    [{ name: 'x', roles: ['tenants'] }, '/roles/0'],
    [{ roles: [] }, '/name'],
  ])('POST %j is 400', async (body, pointer) => {
    const answer = await send('POST', '/tokens', body, boss)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
  })
})

describe('tenants', () => {
  test('are listed, limited, closed and opened again by who holds the role', async () => {
    const { tenants } = tenantListView.strict().parse((await ask('/tenants')).body)
    expect(tenants.map(({ name }) => name)).toEqual(['acme', 'default'])
    const limits = { queuedRequests: 1 }
    const limited = await send('PATCH', '/tenants/acme', { limits })
    expect(tenantView.strict().parse(limited.body)).toMatchObject({ name: 'acme', limits })
    const csr = { subject: { commonName: 'a.example.com' } }
    const submit = () =>
      sendOf<Body>(api, 'POST', '/v1/requests', csr, { authorization: boss, prefer: 'wait=0' })
    expect((await submit()).status).toBe(202)
    expect(await submit()).toMatchObject({ status: 429, body: { code: 'queue_full' } })
    const free = await send('PATCH', '/tenants/acme', { limits: { queuedRequests: null } })
    expect(free.body).toMatchObject({ limits: {} })
    expect((await submit()).status).toBe(202)
    expect((await send('PATCH', '/tenants/acme', { closed: true })).body).toHaveProperty('closed')
    expect((await ask('/self', boss)).status).toBe(401)
    expect((await ask('/tenants/acme')).body).toHaveProperty('closed')
    expect((await send('PATCH', '/tenants/acme', { closed: false })).status).toBe(200)
    expect((await ask('/self', boss)).status).toBe(200)
  })

  test('cannot lock out the operator', async () => {
    const closed = await send('PATCH', '/tenants/default', { closed: true })
    expect(closed).toMatchObject({ status: 400, body: { errors: [{ pointer: '/closed' }] } })
  })

  test('have names of their own, of a form of their own', async () => {
    const administrator = { name: 'boss', password }
    const taken = await send('POST', '/tenants', { name: 'default', administrator })
    expect(taken).toMatchObject({
      ...{
        status: 409,
        body: { code: 'name_taken', detail: 'There is a tenant default already.' },
      },
    })
    for (const name of ['', 'A', '-a', 'a_b', 'a'.repeat(64), 'a}b', 'a:b']) {
      expect((await send('POST', '/tenants', { name, administrator })).status, name).toBe(400)
    }
    expect((await ask('/tenants/never')).body).toMatchObject({ code: 'account_not_found' })
  })
})

describe('who may', () => {
  const calls: [string, string, unknown?][] = [
    ['GET', '/users'],
    ['POST', '/users', { name: 'x', password: 'long enough', roles: [] }],
    ['GET', '/users/admin'],
    ['PATCH', '/users/admin', { roles: [] }],
    ['DELETE', '/users/admin'],
    ['GET', '/tokens'],
    ['POST', '/tokens', { name: 'x', roles: [] }],
    ['GET', '/tokens/x'],
    ['DELETE', '/tokens/x'],
    ['GET', '/tenants'],
    ['POST', '/tenants', { name: 'x', administrator: { name: 'x', password } }],
    ['GET', '/tenants/acme'],
    ['PATCH', '/tenants/acme', { closed: true }],
  ]
  const call = (method: string, path: string, body: unknown, authorization: string) =>
    body === undefined ? ask(path, authorization, method) : send(method, path, body, authorization)

  test.each(calls)('%s %s: who has the role', async (method, path, body) => {
    const needed: Role = path.startsWith('/tenants') ? 'tenants' : 'admin'
    const others = (
      ['submit', 'read', 'export', 'audit', 'admin', 'operate', 'tenants'] as const
    ).filter((role) => role !== needed)
    const without = await call(method, path, body, await api.bearer(others))
    const detail = `This operation needs the role ${needed}.`
    expect(without).toMatchObject({ status: 403, body: { code: 'role_missing', detail } })
    expect((await call(method, path, body, 'none')).status).toBe(401)
  })

  test("another tenant's administrator sees nothing, in the words for what never was", async () => {
    await api.user('erin', ['read'])
    const theirs = String((await send('POST', '/tokens', { name: 'ci', roles: [] })).body.id)
    const about = async (method: string, folder: string, name: string) => {
      const body = method === 'PATCH' ? { roles: [] } : undefined
      const answer = await call(method, folder + name, body, boss)
      const { requestId: _, ...rest } = answer.body
      return { status: answer.status, text: JSON.stringify(rest).replaceAll(name, '…') }
    }
    for (const [method, folder, name] of [
      ...['GET', 'DELETE', 'PATCH'].map((one) => [one, '/users/', 'erin'] as const),
      ...['GET', 'DELETE'].map((one) => [one, '/tokens/', theirs] as const),
    ]) {
      const found = await about(method, folder, name)
      expect(found.status).toBe(404)
      expect(found).toEqual(await about(method, folder, 'never'))
      expect((await ask(folder + name)).status).toBe(200)
    }
    expect(JSON.stringify((await ask('/users', boss)).body)).not.toContain('erin')
    expect(JSON.stringify((await ask('/tokens', boss)).body)).not.toContain(theirs)
  })

  test('an administrator without a role of the installation neither gives it nor touches who has it', async () => {
    const code = 'role_missing'
    const missing = { status: 403, body: { code } }
    const operates = { name: 'ops', password: 'long enough', roles: ['operate'] }
    expect(await send('POST', '/users', operates, weak)).toMatchObject(missing)
    expect(await send('POST', '/tokens', { name: 'ops', roles: ['tenants'] }, weak)).toMatchObject(
      missing,
    )
    for (const change of [{ roles: [] }, { password: 'mine from now on' }]) {
      expect(await send('PATCH', '/users/admin', change, weak)).toMatchObject(missing)
    }
    expect(await ask('/users/admin', weak, 'DELETE')).toMatchObject(missing)
    expect((await ask('/self')).status).toBe(200)
  })
})

test('long lists come in pages', async () => {
  for (const name of ['p1', 'p2', 'p3']) await api.user(name, [], acme)
  const names: string[] = []
  let cursor = ''
  do {
    const { body } = await ask(`/users?limit=2${cursor}`, boss)
    const { users, next } = userListView.strict().parse(body)
    names.push(...users.map(({ name }) => name))
    cursor = next === undefined ? '' : `&cursor=${next}`
  } while (cursor !== '')
  expect(names).toEqual(['boss', 'dave', 'p1', 'p2', 'p3'])
  expect((await ask('/users?cursor=x', boss)).status).toBe(400)
})

test.each([
  ['POST', '/self', 'GET, HEAD'],
  ['GET', '/self/password', 'PUT'],
  ['DELETE', '/users', 'GET, HEAD, POST'],
  ['PUT', '/users/x', 'GET, HEAD, PATCH, DELETE'],
  ['PATCH', '/tokens/x', 'GET, HEAD, DELETE'],
  ['DELETE', '/tenants/acme', 'GET, HEAD, PATCH'],
])('%s %s is 405 with Allow', async (method, path, allow) => {
  const answer = await ask(path, undefined, method)
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe(allow)
})

test('neither passwords nor tokens are in the log', () => {
  expect(api.logged()).not.toMatch(/cf_[\w-]{43}|bobs password|new password|given by boss|Basic /)
})
