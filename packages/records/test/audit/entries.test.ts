import { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  type ActingPlace,
  type AuditEntry,
  changePolicy,
  changeTenant,
  connected,
  connectRedis,
  createTenant,
  ensureAdministrator,
  installationActor,
  installationKeys,
  readAudit,
  recordAdministratorToken,
  tenantKeys,
  unsealedTenants,
  workerActor,
} from '../../src/index.ts'
import { defaultPlace, makeTenant } from '../accounts/make-tenant.ts'
import { actor } from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import type { Records } from '../start-records.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { changes } from './changes.ts'

let redis: Redis
let server: Records['server']
let place: ActingPlace
withEmptyRecords(async (records) => {
  redis = records.redis
  server = records.server
  place = await makeTenant(redis, 'acme')
})

async function entriesAfter(last: string | undefined, of = place): Promise<AuditEntry[]> {
  const { entries } = await readAudit(redis, of, { after: last ?? '0-0', limit: 100 })
  return entries.reverse()
}

const lastEntry = async () => (await readAudit(redis, place, { limit: 1 })).entries[0]?.id

test.each(changes)('$what is one entry: who, from where, in which call, what', async (change) => {
  const { action, outcome, by } = change
  const act = await change.arrange(redis, place)
  await redis.del(`${place.shard}:audit:unsealed`)
  const before = await lastEntry()
  const made = await act(redis)
  const expected = { action, outcome, ids: change.ids === 'token' ? [made] : change.ids }
  const who = by === 'caller' ? actor : expect.objectContaining({ ...workerActor, by })
  const id = expect.stringMatching(/^\d{13}-\d+$/)
  expect(await entriesAfter(before)).toEqual([{ id, actor: who, ...expected }])
  expect(await unsealedTenants(redis, place.shard)).toContain('acme')
})

/** The commands of each script that runs meanwhile, script by script, and those of nobody's script. */
async function stepsOf(
  work: () => Promise<unknown>,
): Promise<{ alone: string[]; scripts: string[][] }> {
  // Of a connection that is up: what another sends while ioredis reads the answer to MONITOR is an error to it.
  const monitor = await redis.monitor()
  const [alone, scripts]: [string[], string[][]] = [[], []]
  const over = Promise.withResolvers<void>()
  monitor.on('monitor', (_: string, [name = '', key = '']: string[], source: string) => {
    if (key === 'the end') over.resolve()
    else if (source === 'lua') scripts.at(-1)?.push(`${name.toUpperCase()} ${key}`)
    else if (/^eval/i.test(name)) scripts.push([])
    else alone.push(`${name.toUpperCase()} ${key}`)
  })
  await work()
  await redis.echo('the end')
  await over.promise
  monitor.disconnect()
  return { alone, scripts }
}

const isWrite = (command: string) =>
  /^(HSET|HSETNX|DEL|HDEL|SADD|ZADD|SET)\b/.test(command) && !command.includes(':audit:unsealed')

test.each(changes.filter(({ isScript }) => isScript))(
  '$what and its entry are one step, the entry first',
  async (change) => {
    const act = await change.arrange(redis, place)
    const { scripts } = await stepsOf(() => act(redis))
    const entry = `XADD ${tenantKeys(place.shard, 'acme').audit}`
    const [script = [], ...others] = scripts.filter((commands) => commands.includes(entry))
    expect(others).toEqual([])
    const written = script.slice(script.indexOf(entry)).filter(isWrite)
    expect(written.length, script.join('\n')).toBeGreaterThan(0)
    const first = script.slice(0, script.indexOf(entry)).filter(isWrite)
    // Ids that are taken for nothing are a gap, which readers step over.
    expect(first.filter((command) => !/:(next-id|clean-runs)$/.test(command))).toEqual([])
  },
)

test.each(changes.filter(({ isScript }) => !isScript))(
  '$what has its entry before it begins',
  async (change) => {
    const act = await change.arrange(redis, place)
    const { alone, scripts } = await stepsOf(() => act(redis))
    expect(alone.filter(isWrite)).toEqual(expect.arrayContaining([expect.any(String)]))
    expect(scripts[0]).toContain(`XADD ${tenantKeys(place.shard, 'acme').audit}`)
  },
)

/** All but passwords that no user has, which count for nothing, and the next id, which may leave a gap. */
async function whatCounts(): Promise<Record<string, string | undefined>> {
  const all = Object.entries(await snapshot(redis))
  const counted = all.filter(([name]) => !name.startsWith('login:') && !/:next-id$/.test(name))
  return Object.fromEntries(counted)
}

test.each(changes)('$what is not made where its entry cannot be written', async (change) => {
  const act = await change.arrange(redis, place)
  await redis.set(tenantKeys(place.shard, 'acme').audit, 'no stream')
  const before = await whatCounts()
  await expect(act(redis)).rejects.toThrow('WRONGTYPE')
  expect(await whatCounts()).toEqual(before)
})

test.each(changes)(
  '$what is made with its entry, or not at all, in a full Redis',
  async (change) => {
    const act = await change.arrange(redis, place)
    const late = connectRedis(server.url, 'work', { onError: () => {} })
    onTestFinished(() => late.disconnect())
    await connected(late, 5_000)
    const [last, before] = [await lastEntry(), await whatCounts()]
    await redis.config('SET', 'maxmemory', 1)
    const error = await act(late).then(
      () => undefined,
      (reason: Error) => reason,
    )
    await redis.config('SET', 'maxmemory', 0)
    if (change.whenFull === 'made') {
      expect(error).toBeUndefined()
      expect(await entriesAfter(last)).toMatchObject([{ action: change.action }])
    } else {
      expect(String(error)).toMatch(/OOM|is full/)
      expect(await whatCounts()).toEqual(before)
    }
  },
)

test('an id whose entry could not be written is given to nobody, and the next create goes on', async () => {
  const [create] = changes
  const act = await create?.arrange(redis, place)
  const { audit } = tenantKeys(place.shard, 'acme')
  await redis.rename(audit, `${audit}:kept`)
  await redis.set(audit, 'no stream')
  await expect(act?.(redis)).rejects.toThrow('WRONGTYPE')
  await redis.rename(`${audit}:kept`, audit)
  expect(await act?.(redis)).toMatchObject({ ids: ['4', '5', '6'] })
})

test('a tenant that is not made has a second entry that says why', async () => {
  const before = await lastEntry()
  const administrator = { name: 'boss', password: 'x', roles: ['admin'] as const }
  const again = createTenant(redis, place, 1, { name: 'acme', administrator })
  await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  expect(await entriesAfter(before)).toMatchObject([
    { action: 'tenant.create', ids: ['acme'], outcome: 'done', actor },
    { action: 'tenant.create', ids: ['acme'], outcome: 'failed: name_taken', actor },
  ])
})

test('a tenant or a policy that could not be changed has a second entry that says so', async () => {
  const before = await lastEntry()
  const lost = vi.spyOn(redis, 'hsetnx').mockRejectedValueOnce(new Error('lost'))
  onTestFinished(() => lost.mockRestore())
  await expect(changeTenant(redis, place, 'acme', { closed: true })).rejects.toThrow('lost')
  await redis.set(installationKeys.tenant('acme'), 'no hash')
  await expect(changePolicy(redis, place, { lxcaSpec: 'CNSA' })).rejects.toThrow('WRONGTYPE')
  const found = await entriesAfter(before)
  expect(found.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'tenant.change done',
    'tenant.change failed: internal',
    'policy.change done',
    'policy.change failed: internal',
  ])
})

test('a new tenant begins with the entry of its administrator, by whoever made it', async () => {
  expect(await entriesAfter(undefined)).toMatchObject([
    { action: 'user.create', ids: ['boss'], actor },
  ])
})

test('what a start does by itself is in the audit, and a second start changes nothing', async () => {
  await redis.flushall()
  const token = new Secret('administrator token')
  for (let i = 0; i < 2; i++) {
    await ensureAdministrator(redis, 'admin', new Secret('correct horse'))
    await recordAdministratorToken(redis, 'admin', token)
  }
  expect(await entriesAfter(undefined, defaultPlace)).toMatchObject([
    { action: 'user.create', ids: ['admin'], actor: installationActor },
    { action: 'token.create', ids: ['admin-token'], actor: installationActor },
  ])
})

test('the audit is read newest first, a page at a time, and back to one that is known', async () => {
  for (const lxcaSpec of ['CNSA', 'DEFAULT', 'CNSA'] as const) {
    await changePolicy(redis, place, { lxcaSpec })
  }
  const all = (await readAudit(redis, place, { limit: 9 })).entries
  expect(all.map(({ ids }) => ids[0])).toEqual([
    'lxcaSpec=CNSA',
    'lxcaSpec=DEFAULT',
    'lxcaSpec=CNSA',
    'boss',
  ])
  const first = await readAudit(redis, place, { limit: 3 })
  expect(first).toEqual({ entries: all.slice(0, 3), next: all[2]?.id })
  expect(await readAudit(redis, place, { limit: 3, before: first.next })).toEqual({
    entries: all.slice(3),
  })
  expect((await readAudit(redis, place, { limit: 9, after: all[1]?.id })).entries).toEqual(
    all.slice(0, 1),
  )
})

test('an entry that somebody else has written is shown all the same', async () => {
  const { audit } = tenantKeys(place.shard, 'acme')
  await redis.xadd(audit, '*', 'actor', 'a stranger', 'x', 'y')
  expect((await readAudit(redis, place, { limit: 1 })).entries).toMatchObject([
    { actor: { by: 'unknown', from: 'a stranger' }, ids: [] },
  ])
})
