/** Random lives of many requests, held against a model that knows only the drawing of the states. */
import { randomInt } from 'node:crypto'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import {
  cancelRequest,
  completeLot,
  deleteKey,
  deleteRequest,
  giveBackLot,
  type LotRun,
  type LotTicket,
  listKeys,
  readRequest,
  retryRequest,
  shardKeys,
  startLot,
  tenantKeys,
} from '../src/index.ts'
import {
  create,
  failedResult,
  importOne,
  newRun,
  newTenant,
  readyResult,
  signedResult,
} from './make-requests.ts'
import { type Records, startRecords } from './start-records.ts'

leakGuard()

type State = 'queued' | 'ready' | 'failed' | 'cancelled' | 'deleted'

/** Mulberry32: the same seed gives the same life. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

class Life {
  readonly place = newTenant()
  readonly states = new Map<string, State>()
  readonly lotOf = new Map<string, string>()
  /** Who made what a ready request has. */
  readonly makers = new Map<string, string>()
  /** The key that a request points at, until it is deleted. */
  readonly keyOf = new Map<string, string>()
  /** The keys that are there: who made what is in them, and whether they outlive their request. */
  readonly keys = new Map<string, { readonly maker: string; readonly kept: boolean }>()
  readonly kept = new Set<string>()
  readonly tickets: LotTicket[] = []
  readonly runs: LotRun[] = []
  readonly #redis: Records['redis']
  readonly #below: (below: number) => number

  constructor(redis: Records['redis'], seed: number) {
    this.#redis = redis
    this.#below = randomNumbers(seed)
  }

  async step(): Promise<void> {
    const steps = [
      () => this.#create(),
      () => this.#start(),
      () => this.#start(),
      () => this.#complete(),
      () => this.#complete(),
      () => this.#giveBack(),
      () => this.#cancel(),
      () => this.#delete(),
      () => this.#retry(),
      () => this.#createWithKey(),
      () => this.#import(),
      () => this.#deleteKey(),
    ]
    await steps[this.#below(steps.length)]?.()
  }

  /** Takes whatever still waits to its end. */
  async workOff(): Promise<void> {
    for (let ticket = this.tickets.pop(); ticket; ticket = this.tickets.pop()) {
      const run = newRun(ticket)
      await this.#startRun(run)
      await this.#completeRun(run)
    }
  }

  isInUse(keyId: string): boolean {
    return [...this.keyOf.values()].includes(keyId)
  }

  async #create(): Promise<void> {
    const keepKey = this.#below(3) === 0
    const count = 1 + this.#below(5)
    const { ids, ticket } = await create(this.#redis, this.place, count, { keepKey })
    for (const id of ids) {
      this.#queue(id, ticket)
      if (keepKey) this.kept.add(id)
    }
    this.tickets.push(ticket)
  }

  async #createWithKey(): Promise<void> {
    // Also one that was there once or never was.
    const keyId = this.#one([...this.keys.keys(), ...this.states.keys()])
    if (keyId === undefined) return
    const made = await create(this.#redis, this.place, 1, { keyId }).catch(() => undefined)
    expect(made !== undefined, `key ${keyId}`).toBe(this.keys.has(keyId))
    if (!made) return
    for (const id of made.ids) {
      this.#queue(id, made.ticket)
      this.keyOf.set(id, keyId)
    }
    this.tickets.push(made.ticket)
  }

  async #import(): Promise<void> {
    const maker = `import ${this.keys.size} ${this.states.size} ${this.#below(1e9)}`
    this.keys.set(await importOne(this.#redis, this.place, maker), { maker, kept: true })
  }

  async #deleteKey(): Promise<void> {
    const id = this.#one([...this.keys.keys(), ...this.states.keys()])
    if (id === undefined) return
    const outcome = this.isInUse(id) ? 'in_use' : 'deleted'
    const expected = this.keys.has(id) ? outcome : 'unknown'
    expect(await deleteKey(this.#redis, this.place, id), `key ${id}`).toBe(expected)
    if (expected === 'deleted') this.keys.delete(id)
  }

  #queue(id: string, { lot }: LotTicket): void {
    expect([undefined, 'failed', 'queued']).toContain(this.states.get(id))
    this.states.set(id, 'queued')
    this.lotOf.set(id, lot)
  }

  async #start(): Promise<void> {
    const ticket = this.#one(this.tickets)
    if (ticket) await this.#startRun(newRun(ticket))
  }

  async #startRun(run: LotRun): Promise<void> {
    const waiting = this.#waitingIn(run.lot)
    const start = await startLot(this.#redis, run)
    this.runs.push(run)
    if (start.kind === 'started') expect(start.requests.map(({ id }) => id)).toEqual(waiting)
    if (start.kind === 'gone') expect(waiting).toEqual([])
    if (start.kind === 'dead') {
      expect(waiting).toEqual([start.id])
      this.states.set(start.id, 'failed')
    }
    if (start.kind === 'split') {
      expect(start.tickets.length).toBe(waiting.length)
      for (const [i, ticket] of start.tickets.entries()) this.#queue(waiting[i] ?? '', ticket)
      this.tickets.push(...start.tickets)
    }
  }

  /** Ends a run that was started at some time, be it long over. */
  async #complete(): Promise<void> {
    const run = this.#one(this.runs)
    if (run) await this.#completeRun(run)
  }

  async #completeRun(run: LotRun): Promise<void> {
    const waiting = this.#waitingIn(run.lot)
    // Results also for those that are none of this lot's business.
    const ids = new Set([...waiting, this.#one([...this.states.keys()]) ?? '1'])
    const results = [...ids].map((id) => {
      if (this.#below(4) === 0) return failedResult(id)
      const keyId = this.keyOf.get(id)
      return keyId === undefined || keyId === id
        ? readyResult(id, run.take)
        : signedResult(id, keyId, run.take)
    })
    expect(await completeLot(this.#redis, run, this.place.tenant, results)).toBe(waiting.length)
    for (const { id, state } of results) {
      if (!waiting.includes(id)) continue
      this.states.set(id, state)
      if (state === 'ready') this.#ready(id, run.take)
    }
  }

  #ready(id: string, take: string): void {
    this.makers.set(id, take)
    if (this.keyOf.has(id)) return
    this.keyOf.set(id, id)
    this.keys.set(id, { maker: `${id} by ${take}`, kept: this.kept.has(id) })
  }

  async #giveBack(): Promise<void> {
    const run = this.#one(this.runs)
    if (run)
      await giveBackLot(
        this.#redis,
        run,
        (['drain', 'wait', 'apart'] as const)[this.#below(3)] ?? 'wait',
      )
  }

  async #cancel(): Promise<void> {
    const id = this.#one([...this.states.keys()])
    if (id === undefined) return
    const done = await cancelRequest(this.#redis, this.place, id)
    expect(done).toBe(this.states.get(id) === 'queued')
    if (done) this.states.set(id, 'cancelled')
  }

  async #delete(): Promise<void> {
    const id = this.#one([...this.states.keys()])
    if (id === undefined) return
    const done = await deleteRequest(this.#redis, this.place, id)
    expect(done).toBe(this.states.get(id) !== 'deleted')
    this.states.set(id, 'deleted')
    const keyId = this.keyOf.get(id)
    this.keyOf.delete(id)
    if (keyId === id && !this.keys.get(id)?.kept && !this.isInUse(id)) this.keys.delete(id)
  }

  async #retry(): Promise<void> {
    const id = this.#one([...this.states.keys()])
    if (id === undefined) return
    const ticket = await retryRequest(this.#redis, this.place, id, { priority: 0 })
    expect(ticket === 'not_failed').toBe(this.states.get(id) !== 'failed')
    if (typeof ticket === 'string') return
    this.#queue(id, ticket)
    this.tickets.push(ticket)
  }

  #waitingIn(lot: string): string[] {
    return [...this.states.keys()].filter(
      (id) => this.states.get(id) === 'queued' && this.lotOf.get(id) === lot,
    )
  }

  #one<T>(list: readonly T[]): T | undefined {
    return list[this.#below(Math.max(1, list.length))]
  }
}

/** The counts as the states of all requests say them. */
function countsOf(states: Iterable<State>): Record<string, number> {
  const counts: Record<string, number> = { queued: 0, ready: 0, failed: 0, cancelled: 0 }
  for (const state of states) if (state !== 'deleted') counts[state] = (counts[state] ?? 0) + 1
  return counts
}

async function storedCounts({ redis }: Records, { place }: Life): Promise<Record<string, number>> {
  const stored = await redis.hgetall(tenantKeys(place.shard, place.tenant).counts)
  const counts = Object.entries(stored).map(([state, count]) => [state, Number(count)])
  return { ...countsOf([]), ...Object.fromEntries(counts) }
}

async function expectRecords({ redis }: Records, life: Life): Promise<void> {
  const keys = tenantKeys(life.place.shard, life.place.tenant)
  for (const [id, state] of life.states) {
    const record = await readRequest(redis, life.place, id)
    expect(record?.state ?? 'deleted', `request ${id}`).toBe(state)
    expect(record?.keyId, `key of ${id}`).toBe(life.keyOf.get(id))
    if (record?.state === 'ready')
      expect(String(record.csr)).toBe(`csr of ${id} by ${life.makers.get(id)}`)
  }
  const ids = [...new Set([...life.keys.keys(), ...life.states.keys()])]
  for (const id of ids) {
    const key = life.keys.get(id)
    const sealed = await redis.hget(keys.key(id), 'sealed')
    expect(sealed, `key ${id}`).toBe(key ? `sealed of ${key.maker}` : null)
  }
  await expectLists({ redis }, life)
}

async function expectLists({ redis }: Pick<Records, 'redis'>, life: Life): Promise<void> {
  const list = async (which: 'all' | 'unused') => {
    const { keys } = await listKeys(redis, life.place, { which, page: { offset: 0, limit: 1e6 } })
    return keys.map(({ id, inUse }) => `${id} ${inUse}`)
  }
  const all = [...life.keys.keys()].sort((a, b) => Number(b) - Number(a))
  expect(await list('all')).toEqual(all.map((id) => `${id} ${life.isInUse(id)}`))
  expect(await list('unused')).toEqual(
    all.filter((id) => !life.isInUse(id)).map((id) => `${id} false`),
  )
}

test('counts, states and keys agree after any sequence of events, and no lot is left in the end', async () => {
  const seed = randomInt(2 ** 31)
  await using records = await startRecords()
  const life = new Life(records.redis, seed)
  try {
    for (let i = 0; i < 400; i++) {
      await life.step()
      expect(await storedCounts(records, life)).toEqual(countsOf(life.states.values()))
    }
    await expectRecords(records, life)
    await life.workOff()
    expect(await storedCounts(records, life)).toEqual(countsOf(life.states.values()))
    await expectRecords(records, life)
  } catch (cause) {
    throw new Error(`The life of seed ${seed} went wrong.`, { cause })
  }
  expect([...life.states.values()]).not.toContain('queued')
  const { deadLots, lots } = shardKeys(life.place.shard)
  expect(await records.redis.zcard(lots)).toBe(0)
  const setAside = await records.redis.zcard(deadLots)
  expect(await records.redis.keys('*:lot:*')).toHaveLength(setAside)
})
