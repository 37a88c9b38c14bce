import { randomBytes } from 'node:crypto'
import {
  chainStart,
  extendChain,
  idOrder,
  parseSealText,
  recordOf,
  type Seal,
  sealText,
} from '@csr-foundry/records'
import { howMany, inWords } from '@csr-foundry/testing/how-many'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AuditContext, kinds, type Line, startAudit, streams } from './start-audit.ts'

leakGuard()

let audit: AuditContext
beforeAll(async () => {
  audit = await startAudit()
})
afterAll(async () => {
  await audit[Symbol.asyncDispose]()
})

/** Three seals over 20, 1 and 19 entries, and two entries that no seal covers yet. */
let lines: Line[]
let held: string
beforeEach(async () => {
  await audit.clear()
  for (const count of [20, 1, 19]) {
    await audit.write(count)
    await audit.seal()
  }
  held = await audit.newestSeal()
  await audit.write(2)
  lines = await audit.lines()
})

const id = (index: number) => lines.at(index)?.[0] ?? ''
const line = (index: number): Line => lines.at(index) ?? ['', []]
const withContent = (at: number, of: number): Line => [id(at), line(of)[1]]
const inOrder = (some: readonly Line[]) => some.toSorted(([a], [b]) => idOrder(a, b))
const seals = () => audit.redis.xrange(streams.auditSeals, '-', '+')

test('an audit that nobody touched is whole, with and without a seal that is held', async () => {
  const report = await audit.verify(held)
  expect(report).toEqual({
    tenant: 'default',
    entries: 42,
    sealed: 40,
    unsealed: 2,
    from: chainStart('default'),
    newest: held,
    held: 'matches',
    found: 0,
    findings: [],
  })
  expect(await audit.verify()).toEqual({ ...report, held: 'none' })
})

test('every seal that was ever the newest can be held', async () => {
  for (const [, [, text = '']] of await seals()) {
    expect(await audit.verify(text)).toMatchObject({ held: 'matches', found: 0 })
  }
})

test('an audit without any entry is whole', async () => {
  await audit.clear()
  expect(await audit.verify()).toMatchObject({ entries: 0, found: 0, newest: null })
})

test.each([0, 7, 20, 39])('entry %i is changed: it is named', async (at) => {
  const fields = line(at)[1].map((text) => text.replace('user:admin', 'user:other'))
  await audit.rewrite(lines.with(at, [id(at), fields]))
  const report = await audit.verify(held)
  expect(report.findings).toMatchObject([{ kind: 'changed', entry: id(at) }])
  expect(report.findings[0]?.detail).toContain(id(at))
})

test.each([
  [5, 6],
  [5, 33],
])('entries %i and %i are swapped: both places are named', async (one, other) => {
  await audit.rewrite(lines.with(one, withContent(one, other)).with(other, withContent(other, one)))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'moved', entry: id(one), from: id(other) },
    { kind: 'moved', entry: id(other), from: id(one) },
  ])
})

test('one is removed from the middle: it is named, and between which it was', async () => {
  await audit.redis.xdel(streams.audit, id(7))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'removed', entry: id(7), to: id(7), after: id(6), before: id(8), count: 1 },
  ])
})

test('several in a row are one finding, across seals too; the first of all has nothing before it', async () => {
  const gone = [0, 1, 2, 18, 19, 20, 21, 30]
  await audit.redis.xdel(streams.audit, ...gone.map(id))
  const { findings } = await audit.verify()
  expect(findings).toMatchObject([
    { kind: 'removed', entry: id(0), to: id(2), before: id(3), count: 3 },
    { kind: 'removed', entry: id(18), to: id(21), after: id(17), before: id(22), count: 4 },
    { kind: 'removed', entry: id(30), count: 1 },
  ])
  expect(findings[0]).not.toHaveProperty('after')
})

test('ten are cut from the end: how many, and after which', async () => {
  await audit.rewrite(lines.slice(0, 30))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'cut', count: 10, after: id(29), entry: id(30), to: id(39) },
  ])
  // What is written after that, as the order to verify is, hides none of it.
  await audit.write(1)
  await audit.seal()
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'removed', count: 10, after: id(29), entry: id(30), to: id(39) },
  ])
})

test('ten are cut from the end with their seals: the seal that is held tells how many, and after which', async () => {
  // Sealed one by one.
  for (let i = 0; i < 10; i++) {
    await audit.write(1)
    await audit.seal()
  }
  const all = await audit.lines()
  const heldNow = await audit.newestSeal()
  const kept = all.slice(0, -10)
  for (const [sealId] of (await seals()).slice(-10)) {
    await audit.redis.xdel(streams.auditSeals, sealId)
  }
  await audit.rewrite(kept)
  expect((await audit.verify()).found).toBe(0)
  const cut = { kind: 'held_seal_ahead', count: 10, after: kept.at(-1)?.[0] }
  expect(await audit.verify(heldNow)).toMatchObject({ held: 'differs', findings: [cut] })
  // Also when there are as many entries and seals again.
  await audit.write(12)
  await audit.seal()
  expect(await audit.verify(heldNow)).toMatchObject({ held: 'differs', findings: [cut] })
  // One that was held before the cut is still right.
  expect(await audit.verify(held)).toMatchObject({ held: 'matches', found: 0 })
})

test('an entry is put between others, one in front of all, one behind the last sealed one', async () => {
  const [ms, number] = id(7).split('-')
  const between = `${ms}-${Number(number) + 1_000}`
  const added = ['1-1', between].map((place): Line => [place, line(7)[1]])
  await audit.rewrite(inOrder([...lines, ...added]))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'added', entry: '1-1' },
    { kind: 'added', entry: between },
  ])
})

test('an entry is moved to a place of its own; and over another, which is lost', async () => {
  const [ms, number] = id(9).split('-')
  const free = `${ms}-${Number(number) + 1_000}`
  await audit.rewrite(inOrder(lines.with(4, [free, line(4)[1]])))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'moved', entry: free, from: id(4) },
  ])
  await audit.rewrite(lines.toSpliced(9, 1, withContent(9, 4)).toSpliced(4, 1))
  expect((await audit.verify()).findings).toMatchObject([
    { kind: 'moved', entry: id(9), from: id(4) },
    { kind: 'changed', entry: id(9) },
  ])
})

test('the stream is gone: all of it was cut', async () => {
  await audit.redis.del(streams.audit)
  expect((await audit.verify(held)).findings).toMatchObject([
    { kind: 'cut', count: 40, entry: id(0), to: id(39) },
  ])
})

/** As somebody makes a seal who knows how, and does not have the key. */
function forge(seal: Seal | undefined, records: readonly Buffer[]): Seal {
  const before = chainStart('default')
  const end = extendChain(before, records)
  const made = { version: 1, tenant: 'default', at: Date.now(), trimmed: null } as const
  return {
    ...made,
    ...end,
    before,
    kid: seal?.kid ?? '',
    mac: randomBytes(32).toString('base64url'),
  }
}

test('the whole chain is rewritten without the key: no seal is authentic', async () => {
  const forged = lines.map(
    ([at, fields]): Line => [at, fields.map((text) => text.replace('user:admin', 'user:other'))],
  )
  await audit.rewrite(forged)
  const records = forged.map(([at, fields]) =>
    recordOf({ id: at, fields: fields.map((text) => Buffer.from(text)) }),
  )
  const seal = forge(parseSealText(held), records)
  await audit.redis.del(streams.auditSeals)
  await audit.redis.xadd(
    streams.auditSeals,
    '5-5',
    'seal',
    sealText(seal),
    'records',
    Buffer.concat(records),
  )
  const report = await audit.verify(held)
  expect(kinds(report)).toEqual(['held_seal_mismatch', 'seal_not_authentic'])
  expect(report).toMatchObject({ newest: null, sealed: 0 })
  expect(report.findings[1]?.seal).toBe('5-5')
  expect(kinds(await audit.verify())).toEqual(['seal_not_authentic'])
  expect(kinds(await audit.verify(sealText(seal)))).toContain('held_seal_not_authentic')
})

test('all seals are deleted and made anew over other entries: the seal that is held tells', async () => {
  await audit.redis.del(streams.auditSeals)
  await audit.rewrite(lines.toSpliced(7, 1))
  await audit.write(1)
  await audit.seal()
  expect((await audit.verify()).found).toBe(0)
  expect((await audit.verify(held)).findings).toMatchObject([
    { kind: 'held_seal_ahead', count: 1, to: id(39) },
  ])
  await audit.redis.del(streams.auditSeals)
  await audit.rewrite(lines.with(7, withContent(7, 8)))
  await audit.write(1)
  await audit.seal()
  expect(await audit.verify(held)).toMatchObject({
    held: 'differs',
    findings: [{ kind: 'held_seal_mismatch', to: id(39) }],
  })
})

test('all seals are deleted, the entries are whole: the seal that is held proves them', async () => {
  await audit.redis.del(streams.auditSeals)
  expect(await audit.verify(held)).toMatchObject({
    held: 'matches',
    findings: [{ kind: 'seals_missing', count: 40, to: id(39) }],
  })
  expect((await audit.verify()).found).toBe(0)
})

test('entries that are old and not sealed are named', async () => {
  await audit.redis.del(streams.auditSeals)
  await audit.rewrite(
    lines.map(([at, fields]) => [at.replace(/^\d+/, (ms) => String(+ms - 61_000)), fields]),
  )
  expect((await audit.verify()).findings).toMatchObject([{ kind: 'not_sealed', count: 42 }])
})

test('the start is cut with its seal: how many entries that were', async () => {
  const [[first = ''] = []] = await seals()
  await audit.redis.xdel(streams.auditSeals, first)
  await audit.rewrite(lines.slice(20))
  expect(await audit.verify(held)).toMatchObject({
    held: 'matches',
    findings: [{ kind: 'start_cut', count: 20, to: id(19) }],
  })
})

test('a seal is gone from between others: whether what it covered is whole', async () => {
  const [, [second = ''] = []] = await seals()
  await audit.redis.xdel(streams.auditSeals, second)
  const missing = { kind: 'seals_missing', count: 1, after: id(19), to: id(20) }
  const whole = await audit.verify(held)
  expect(whole).toMatchObject({ held: 'matches', findings: [missing] })
  expect(whole.findings[0]?.detail).toContain('these are whole')
  await audit.rewrite(lines.with(20, withContent(20, 3)))
  const { findings } = await audit.verify()
  expect(findings).toMatchObject([missing])
  expect(findings[0]?.detail).toContain('the 1 that lie here are not those')
})

test('what lies with a seal is changed: whether its entries are whole; what others cover is still named', async () => {
  const [[first = '', [, text = ''] = []] = [], ...rest] = await seals()
  const buffers = await audit.redis.xrangeBuffer(streams.auditSeals, '-', '+')
  await audit.redis.del(streams.auditSeals)
  await audit.redis.xadd(streams.auditSeals, first, 'seal', text, 'records', 'x')
  for (const [sealId, fields] of buffers.slice(1)) {
    await audit.redis.xadd(streams.auditSeals, sealId, ...fields)
  }
  expect(rest).toHaveLength(2)
  const mismatch = { kind: 'seal_mismatch', seal: first, to: id(19), count: 20 }
  const whole = await audit.verify(held)
  expect(whole).toMatchObject({ held: 'matches', findings: [mismatch] })
  expect(whole.findings[0]?.detail).toContain('The entries are whole')
  await audit.rewrite(lines.with(7, withContent(7, 8)).with(33, withContent(33, 8)))
  expect(kinds(await audit.verify())).toEqual(['changed', 'seal_mismatch'])
})

test('an old seal is stored once more: sealing goes on from it, and that is named', async () => {
  const [first] = await audit.redis.xrangeBuffer(streams.auditSeals, '-', '+', 'COUNT', 1)
  await audit.redis.xadd(streams.auditSeals, '*', ...(first?.[1] ?? []))
  await audit.seal()
  const report = await audit.verify(held)
  expect(kinds(report)).toEqual(['seal_mismatch', 'seal_mismatch'])
  expect(report).toMatchObject({ held: 'matches', sealed: 42 })
})

test('a seal of another tenant, and text that is none, are not taken', async () => {
  const seal = parseSealText(held)
  if (!seal) throw new Error('no seal')
  for (const text of ['', '{}', JSON.stringify({ ...seal, tenant: 'other' })]) {
    expect(await audit.verify(text)).toMatchObject({
      held: 'not_authentic',
      findings: [{ kind: 'held_seal_not_authentic' }],
    })
  }
  expect((await audit.verify(JSON.stringify({ level: 30, ...seal, msg: 'x' }))).held).toBe(
    'matches',
  )
})

test('of very many findings the first hundred are told, and all are counted', async () => {
  await audit.write(2_000)
  await audit.seal()
  const all = await audit.lines()
  await audit.rewrite(all.map(([at]) => [at, ['actor', 'x']]))
  const report = await audit.verify()
  expect(report.found).toBe(2_042)
  expect(report.findings).toHaveLength(100)
})

const entries = howMany(10_000, 50_000)

test(`an audit of ${inWords(entries)} entries is walked, while other work goes on`, async () => {
  await audit.clear()
  const fields = ['actor', '{"by":"worker","from":"host 1"}', 'action', 'key.read', 'ids', '1']
  for (let i = 0; i < entries; i += 1_000) {
    const pipeline = audit.redis.pipeline()
    for (let j = 0; j < 1_000; j++) pipeline.xadd(streams.audit, '*', ...fields)
    await pipeline.exec()
  }
  await audit.write(1)
  await audit.seal()
  const [at] = (await audit.redis.xrange(streams.audit, '-', '+', 'COUNT', entries / 2)).at(-1) ?? [
    '',
  ]
  await audit.redis.xdel(streams.audit, at)
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  const report = await audit.verify(await audit.newestSeal())
  clearInterval(timer)
  expect(report).toMatchObject({
    entries,
    held: 'matches',
    findings: [{ kind: 'removed' }],
  })
  expect(turns).toBeGreaterThan(entries / 2_500)
})
