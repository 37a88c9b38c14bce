import { installationKeys, listTenants, readTenant } from '@csr-foundry/records'
import { beforeAll, expect, test } from 'vitest'
import { withApi } from '../with-api.ts'
import { auditedBy } from './audited-by.ts'
import { type Browser, logInAt, openBrowser } from './log-in.ts'
import { makeAcme } from './make-acme.ts'

const api = withApi()
const path = '/dashboard/tenants'
let admin: Browser

beforeAll(async () => {
  admin = await openBrowser(api, 'admin')
})

test('a tenant is made with an administrator, whose password is shown once and lets him in', async () => {
  const fields = { name: 'rome', administrator: 'remus', queuedRequests: '500' }
  const entries = await auditedBy(api, async () => {
    const { status, text, headers } = await admin.post(path, fields)
    expect([status, headers.get('cache-control')]).not.toContain('public')
    expect(text).toContain('remus@rome')
    const shown = /<code>([\w-]{24})<\/code>/.exec(text)?.[1] ?? ''
    expect((await logInAt(api, 'remus@rome', shown)).status).toBe(303)
    for (const later of [path, `${path}/rome`]) {
      expect((await admin.get(later)).text, later).not.toContain(shown)
    }
  })
  expect(entries.find(({ action }) => action === 'tenant.create')).toEqual({
    ...{ by: 'user:admin', action: 'tenant.create', ids: ['rome'], outcome: 'done' },
  })
  const made = await readTenant(api.redis, 'rome')
  expect(made).toMatchObject({ limits: { queuedRequests: 500 } })
  const { text } = await admin.get(`${path}/rome`)
  for (const word of ['500 at most', 'NAME@rome', 'Close…']) expect(text).toContain(word)
})

test('what is refused is told with what was entered, and makes nothing', async () => {
  const { tenants: before } = await listTenants(api.redis, { limit: 1_000 })
  const refused = [
    [{ name: 'default', administrator: 'numa', queuedRequests: '7' }, 'taken'],
    [{ name: 'Not So', administrator: 'numa' }, 'name must be 1 to 63 small letters'],
    [{ name: 'alba', administrator: 'a b' }, 'administrator name must be 1 to 64'],
    [{ name: 'alba', administrator: 'numa', queuedRequests: '-1' }, 'must be 0 or more'],
    [{ name: 'alba', administrator: 'numa', queuedRequests: 'many' }, 'must be a whole number'],
  ] as const
  for (const [fields, words] of refused) {
    const { status, text } = await admin.post(path, fields)
    expect([status, text.includes(words)], words).toEqual([400, true])
    for (const entered of Object.values(fields)) expect(text).toContain(`value="${entered}"`)
  }
  const { tenants } = await listTenants(api.redis, { limit: 1_000 })
  expect(tenants).toEqual(before)
})

test('a tenant is limited, closed and opened as the API does it: at once, for who is in as well', async () => {
  await makeAcme(api)
  const boss = await openBrowser(api, 'boss@acme')
  const act = async (what: string, fields = {}) => {
    const { status, headers } = await admin.post(`${path}/acme/${what}`, fields)
    return [status, headers.get('location')]
  }
  const entries = await auditedBy(api, async () => {
    expect(await act('limits', { queuedRequests: '9' })).toEqual([
      ...[303, `${path}/acme?done=tenant-limited`],
    ])
    expect(await readTenant(api.redis, 'acme')).toMatchObject({ limits: { queuedRequests: 9 } })
    await act('limits', { queuedRequests: '' })
    expect((await readTenant(api.redis, 'acme'))?.limits.queuedRequests).toBeUndefined()

    expect(await act('close')).toEqual([303, `${path}/acme?done=tenant-closed`])
    expect((await boss.get('/dashboard/batches')).status).toBe(303)
    expect((await logInAt(api, 'boss@acme')).status).toBe(401)
    const { text } = await admin.get(`${path}/acme`)
    expect([text.includes('Open acme again'), text.includes('Close…')]).toEqual([true, false])

    expect(await act('open')).toEqual([303, `${path}/acme?done=tenant-opened`])
    expect((await logInAt(api, 'boss@acme')).status).toBe(303)
  })
  const changed = { by: 'user:admin', action: 'tenant.change', ids: ['acme'], outcome: 'done' }
  expect(entries.filter(({ action }) => action !== 'session.create')).toEqual(
    Array.from({ length: 4 }, () => changed),
  )
})

test('the tenant default cannot be closed', async () => {
  expect((await admin.get(`${path}/default`)).text).not.toContain('Close…')
  expect((await admin.post(`${path}/default/close`)).status).toBe(400)
  expect((await readTenant(api.redis, 'default'))?.closed).toBeUndefined()
})

test('a list of more than a page goes on with the next', async () => {
  const names = Array.from({ length: 101 }, (_, i) => `zone-${String(i).padStart(3, '0')}`)
  await api.redis.sadd(installationKeys.tenants, ...names)
  for (const name of names) await api.redis.hset(installationKeys.tenant(name), 'shard', '0')
  const first = await admin.get(path)
  const next = /href="([^"]+)" rel="next"/.exec(first.text)?.[1] ?? ''
  const second = await admin.get(next)
  const linked = [...(first.text + second.text).matchAll(/tenants\/(zone-\d+)"/g)].map(([, n]) => n)
  expect(linked).toEqual(names)
  expect(second.text).not.toContain('rel="next"')
})
