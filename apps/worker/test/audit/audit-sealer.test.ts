import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openVault } from '@csr-foundry/key-vault'
import {
  connected,
  connectRedis,
  createRequests,
  parseSealText,
  readNewestSeal,
  sealText,
  unsealedTenants,
  writeAuditEntry,
} from '@csr-foundry/records'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AuditSealer } from '../../src/audit/audit-sealer.ts'
import { verifyAudit } from '../../src/audit/verify-audit.ts'
import { p256 } from '../start-worker-context.ts'
import { type AuditContext, type Line, place, startAudit, streams } from './start-audit.ts'

leakGuard()

let audit: AuditContext
beforeAll(async () => {
  audit = await startAudit()
})
afterAll(async () => {
  await audit[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await audit.clear()
})

const linesOf = (message: string) =>
  audit
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"msg":"${message}"`))

test('what is written is sealed within seconds, by one of several, and the log has the seal', async () => {
  const sealers = [audit.sealer(), audit.sealer(), audit.sealer()]
  for (const sealer of sealers) sealer.start()
  await audit.write(3)
  await vi.waitFor(async () => expect(await audit.newestSeal()).not.toBe(''), 8_000)
  await Promise.all(sealers.map((sealer) => sealer.stop()))
  const [line = '', ...more] = linesOf('audit sealed')
  expect(more).toEqual([])
  expect(parseSealText(line)).toEqual(parseSealText(await audit.newestSeal()))
  expect(await audit.verify(line)).toMatchObject({ held: 'matches', sealed: 3, found: 0 })
  expect(await unsealedTenants(audit.redis, place.shard)).toEqual([])
})

test('200 writers at once, while two seal and keep getting into each other’s way, lose no entry', async () => {
  const { redis } = audit
  const connections = Array.from({ length: 10 }, () =>
    connectRedis(audit.url, 'work', { onError: () => {} }),
  )
  await Promise.all(connections.map((connection) => connected(connection, 5_000)))
  const sealers = [audit.sealer(), audit.sealer({ redis: connections[0] ?? redis })]
  let writing = true
  const sealing = sealers.map(async (sealer) => {
    while (writing) {
      // Neither keeps its lease: both think that they have it, again and again.
      await redis.del(`${place.shard}:audit:lease`)
      await sealer.round()
    }
  })
  const written = Array.from({ length: 200 }, async (_, writer) => {
    const connection = connections[writer % connections.length] ?? redis
    for (let i = 0; i < 5; i++) {
      const ids = [`${writer}-${i}`]
      await writeAuditEntry(connection, place, { action: 'key.read', ids })
      const requests = [{ spec: p256 }]
      await createRequests(connection, place, { requests, lane: 'fast', priority: 0 })
    }
  })
  await Promise.all(written)
  writing = false
  await Promise.all(sealing)
  await audit.seal()
  for (const connection of connections) connection.disconnect()

  const lines = await audit.lines()
  expect(lines).toHaveLength(2_000)
  const read = lines.filter(([, fields]) => fields.includes('key.read'))
  const names = new Set(read.map(([, fields]) => fields[fields.indexOf('ids') + 1]))
  expect(names.size).toBe(1_000)
  const report = await audit.verify(await audit.newestSeal())
  expect(report).toMatchObject({ sealed: 2_000, unsealed: 0, found: 0, held: 'matches' })
  expect(await redis.xlen(streams.auditSeals)).toBeGreaterThan(1)
})

test('more entries than one seal covers become several seals, and one line in the log', async () => {
  const before = linesOf('audit sealed').length
  const pipeline = audit.redis.pipeline()
  for (let i = 0; i < 2_499; i++) pipeline.xadd(streams.audit, '*', 'action', 'key.read')
  await pipeline.exec()
  await audit.write(1)
  await audit.seal()
  expect(await audit.redis.xlen(streams.auditSeals)).toBe(3)
  expect(linesOf('audit sealed')).toHaveLength(before + 1)
  expect(parseSealText(linesOf('audit sealed').at(-1) ?? '')?.count).toBe(2_500)
  expect(await audit.verify()).toMatchObject({ sealed: 2_500, found: 0 })
})

test('a seal that is not authentic is not extended, and the log says so once a minute', async () => {
  await audit.write(2)
  await audit.seal()
  const seal = parseSealText(await audit.newestSeal())
  if (!seal) throw new Error('no seal')
  const forged = sealText({ ...seal, mac: randomBytes(32).toString('base64url') })
  const id = await audit.redis.xadd(streams.auditSeals, '*', 'seal', forged, 'records', '')
  await audit.write(1)
  await audit.redis.del(`${place.shard}:audit:lease`)
  const sealer = audit.sealer()
  for (let i = 0; i < 3; i++) await sealer.round()
  expect(await audit.redis.xlen(streams.auditSeals)).toBe(2)
  expect(linesOf('newest seal of the audit is not authentic')).toHaveLength(1)
  // Once it is taken away, sealing goes on.
  await audit.redis.xdel(streams.auditSeals, id ?? '')
  await sealer.round()
  expect(await audit.verify()).toMatchObject({ sealed: 3, found: 0 })
})

test('a seal of one tenant is none of another', async () => {
  await audit.write(2)
  await audit.seal()
  const other = { ...place, tenant: 'other' }
  const [fields] = await audit.redis.xrangeBuffer(streams.auditSeals, '-', '+')
  await audit.redis.xadd(`${place.shard}:t:other:audit-seals`, '*', ...(fields?.[1] ?? []))
  await writeAuditEntry(audit.redis, other, { action: 'key.read' })
  await audit.redis.del(`${place.shard}:audit:lease`)
  await audit.sealer().round()
  expect(await audit.redis.xlen(`${place.shard}:t:other:audit-seals`)).toBe(1)
  const report = await verifyAudit(audit.redis, audit.vault, other)
  expect(report.findings).toMatchObject([{ kind: 'seal_not_authentic' }])
  await audit.redis.del(`${place.shard}:t:other:audit-seals`)
})

test('an audit that is none any more does not keep those of other tenants from being sealed', async () => {
  const broken = { ...place, tenant: 'a-broken-one' }
  await writeAuditEntry(audit.redis, broken, { action: 'key.read' })
  await audit.redis.set(`${place.shard}:t:a-broken-one:audit-seals`, 'no stream')
  await audit.write(1)
  await audit.redis.del(`${place.shard}:audit:lease`)
  const sealer = audit.sealer()
  for (let i = 0; i < 3; i++) await sealer.round()
  expect(await unsealedTenants(audit.redis, place.shard)).toEqual(['a-broken-one'])
  expect(linesOf('audit of a tenant is not sealed')).toHaveLength(1)
  expect(await audit.verify()).toMatchObject({ sealed: 1, found: 0 })
})

test('seals that go away under a sealer are made anew, and the log says so', async () => {
  const sealer = audit.sealer()
  await audit.redis.del(`${place.shard}:audit:lease`)
  await audit.write(2)
  await sealer.round()
  await audit.redis.del(streams.auditSeals)
  await audit.write(1)
  await sealer.round()
  await sealer.round()
  expect(linesOf('newest seal of the audit is gone')).toHaveLength(1)
  expect(await audit.verify()).toMatchObject({ sealed: 3, found: 0 })
})

const day = 24 * 60 * 60 * 1_000
const dayAfter = (line: Line | undefined) => Number(line?.[0].split('-')[0]) + 1 + day

test.each([0, 5_000])(
  'a seal that is not old enough keeps none that is from going, also where the clock of Redis is %i ms behind',
  async (behind) => {
    for (const count of [20, 5]) {
      await audit.write(count)
      await audit.seal()
      await delay(2)
    }
    const stored = await audit.redis.xrangeBuffer(streams.auditSeals, '-', '+')
    const seals = stored.map(([, fields]) => ({
      at: parseSealText(String(fields[1]))?.at ?? 0,
      fields,
    }))
    await audit.redis.del(streams.auditSeals)
    for (const { at, fields } of seals) {
      await audit.redis.xadd(streams.auditSeals, `${at - behind}-0`, ...fields)
    }
    await audit.redis.del(`${place.shard}:audit:lease`)
    // At the moment that the second is a day old, which is not older than a day.
    vi.useFakeTimers({ toFake: ['Date'], now: (seals[1]?.at ?? 0) + day })
    try {
      await audit.sealer({ retentionDays: 1 }).round()
    } finally {
      vi.useRealTimers()
    }
    expect(await audit.redis.xlen(streams.audit)).toBe(5)
    expect(await audit.verify()).toMatchObject({ sealed: 5, found: 0 })
  },
)

test('after its days an audit begins at the last old seal, and verifies from there, also when all of it is old', async () => {
  const trimmedBefore = linesOf('audit trimmed').length
  for (const count of [20, 5]) {
    await audit.write(count)
    await audit.seal()
    // Seals of the same millisecond are equally old.
    await delay(2)
  }
  const seals = await audit.redis.xrange(streams.auditSeals, '-', '+')
  const [old, recent] = seals.map(([, fields]) => fields[1] ?? '')
  const [anchor, last] = [old, recent].map((text) => parseSealText(text ?? ''))
  if (!anchor || !last) throw new Error('two seals')
  await audit.write(3)
  await audit.redis.del(`${place.shard}:audit:lease`)
  // As seen a day after the first seal was stored.
  vi.useFakeTimers({ toFake: ['Date'], now: dayAfter(seals[0]) })
  try {
    await audit.sealer({ retentionDays: 1 }).round()
  } finally {
    vi.useRealTimers()
  }
  const { last: from, count, hash } = anchor
  expect(await audit.redis.xlen(streams.audit)).toBe(8)
  const report = await audit.verify(recent)
  expect(report).toMatchObject({
    entries: 8,
    sealed: 8,
    found: 0,
    held: 'matches',
    from: { last: from, count, hash },
  })
  expect(linesOf('audit trimmed')).toHaveLength(trimmedBefore + 1)
  expect(parseSealText(linesOf('audit trimmed').at(-1) ?? '')?.trimmed).toEqual(report.from)

  await audit.write(4)
  await audit.seal()
  expect(await audit.verify(old)).toMatchObject({ sealed: 12, found: 0, held: 'matches' })
  await audit.redis.xdel(streams.audit, (await audit.lines())[0]?.[0] ?? '')
  expect((await audit.verify()).findings).toMatchObject([{ kind: 'removed', count: 1 }])

  // Ten years later nobody has written anything, and all of it goes.
  await audit.redis.del(`${place.shard}:audit:lease`)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_650 * day })
  try {
    await audit.sealer({ retentionDays: 1 }).round()
  } finally {
    vi.useRealTimers()
  }
  expect(await audit.verify(old)).toMatchObject({
    entries: 0,
    found: 0,
    held: 'too_old',
    from: { count: 32 },
  })
  await audit.write(1)
  await audit.seal()
  const after = await audit.verify(await audit.newestSeal())
  expect(after).toMatchObject({ entries: 1, sealed: 1, found: 0, held: 'matches' })
})

test('an audit that was let go of up to a seal, and is cut beyond it, has its start cut', async () => {
  for (const count of [4, 5, 6]) {
    await audit.write(count)
    await audit.seal()
    // Retention goes by milliseconds: the seals must not have the same.
    await new Promise((wake) => setTimeout(wake, 5))
  }
  const seals = await audit.redis.xrange(streams.auditSeals, '-', '+')
  const lines = await audit.lines()
  const [first, second] = seals.map(([, fields]) => parseSealText(fields[1] ?? ''))
  await audit.redis.del(`${place.shard}:audit:lease`)
  vi.useFakeTimers({ toFake: ['Date'], now: dayAfter(seals[0]) })
  try {
    await audit.sealer({ retentionDays: 1 }).round()
  } finally {
    vi.useRealTimers()
  }
  await audit.redis.xdel(streams.auditSeals, seals[1]?.[0] ?? '')
  await audit.rewrite(lines.slice(9))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'start_cut', count: 5, after: first?.last, to: second?.last },
  ])
})

test('without AUDIT_RETENTION_DAYS nothing is let go of', async () => {
  await audit.write(2)
  await audit.seal()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_650 * day })
  try {
    await audit.redis.del(`${place.shard}:audit:lease`)
    await audit.sealer().round()
  } finally {
    vi.useRealTimers()
  }
  expect(await audit.redis.xlen(streams.audit)).toBe(2)
})

test('while Redis is away sealing waits and does not throw; a stop is not held up, and a later start goes on', async () => {
  const server = await startRedis()
  const redis = connectRedis(server.url, 'work', { onError: () => {} })
  await connected(redis, 5_000)
  const other = await startAuditOn(redis)
  await writeAuditEntry(redis, place, { action: 'key.read' })
  await other.round()
  expect((await readNewestSeal(redis, place))?.seal).toContain('"count":1')
  await writeAuditEntry(redis, place, { action: 'key.read' })
  other.start()
  await server.stop()
  const before = performance.now()
  await other.stop()
  expect(performance.now() - before).toBeLessThan(3_000)
  redis.disconnect()
})

async function startAuditOn(redis: ReturnType<typeof connectRedis>) {
  const { log } = audit.context
  // The vault keeps its keys in the first Redis: this one may go.
  return new AuditSealer({
    redis,
    vault: audit.vault,
    log,
    shards: [place.shard],
    retentionDays: 0,
  })
}

test('connections break while it seals: what was sent twice is sealed once', async () => {
  await audit.write(5)
  await audit.seal()
  const held = await audit.newestSeal()
  const rounds = audit.sealer()
  const writing = audit.write(200)
  const killing = audit.redis
    .call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no')
    .catch(() => {})
  await Promise.all([writing, killing, rounds.round()])
  await audit.write(1)
  await audit.seal()
  const report = await audit.verify(held)
  expect(report).toMatchObject({ held: 'matches', unsealed: 0, found: 0 })
  // A write whose answer was lost may have been sent twice: none is lost.
  expect(report.entries).toBeGreaterThanOrEqual(206)
})

test('Redis ends in the middle of it: what it has kept verifies against a seal of before, and is gone on with', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'csr-foundry-audit-'))
  const first = await startRedis({ dataDir })
  const before = await openOn(first.url)
  const writeOne = () => writeAuditEntry(before.redis, place, { action: 'key.read' })
  for (let i = 0; i < 5; i++) await writeOne()
  await before.sealer.round()
  const held = (await readNewestSeal(before.redis, place))?.seal
  const ended = new Promise<void>((resolve) => before.redis.once('close', resolve))
  // None of these is waited for: what Redis has not answered it never will.
  void Promise.allSettled(Array.from({ length: 500 }, writeOne))
  void before.sealer.round()
  void before.redis.call('SHUTDOWN', 'NOSAVE').catch(() => {})
  void before.sealer.round()
  await ended
  before.redis.disconnect()
  await first.stop()

  const second = await startRedis({ dataDir })
  const { redis, vault, sealer } = await openOn(second.url)
  await writeAuditEntry(redis, place, { action: 'key.read' })
  await redis.del(`${place.shard}:audit:lease`)
  await sealer.round()
  const report = await verifyAudit(redis, vault, place, held)
  expect(report).toMatchObject({ held: 'matches', unsealed: 0, found: 0 })
  expect(report.entries).toBeGreaterThanOrEqual(6)
  redis.disconnect()
  await second.stop()
  await rm(dataDir, { recursive: true })

  async function openOn(url: string) {
    const redis = connectRedis(url, 'work', { onError: () => {} })
    await connected(redis, 5_000)
    const vault = await openVault(redis, join(dataDir, 'keys', 'master.key'))
    return { redis, vault, sealer: audit.sealer({ redis, vault }) }
  }
})
