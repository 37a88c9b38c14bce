/** Random lives of many requests, held against a model that knows only the drawing of the states. */
import { randomInt } from 'node:crypto'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import {
  cancelRequest,
  completeLot,
  deleteRequest,
  giveBackLot,
  type LotRun,
  type LotTicket,
  readRequest,
  retryRequest,
  shardKeys,
  startLot,
  tenantKeys,
} from '../src/index.ts'
import { create, failedResult, newRun, newTenant, readyResult } from './make-requests.ts'
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

  async #create(): Promise<void> {
    const { ids, ticket } = await create(this.#redis, this.place, 1 + this.#below(5))
    for (const id of ids) this.#queue(id, ticket)
    this.tickets.push(ticket)
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
    const results = [...ids].map((id) =>
      this.#below(4) === 0 ? failedResult(id) : readyResult(id, run.take),
    )
    expect(await completeLot(this.#redis, run, this.place.tenant, results)).toBe(waiting.length)
    for (const { id, state } of results) {
      if (!waiting.includes(id)) continue
      this.states.set(id, state)
      if (state === 'ready') this.makers.set(id, run.take)
    }
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
  }

  async #retry(): Promise<void> {
    const id = this.#one([...this.states.keys()])
    if (id === undefined) return
    const ticket = await retryRequest(this.#redis, this.place, id, 0)
    expect(ticket !== undefined).toBe(this.states.get(id) === 'failed')
    if (!ticket) return
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
    const maker = life.makers.get(id)
    const key = await redis.hget(keys.key(id), 'sealed')
    expect(key, `key ${id}`).toBe(state === 'ready' ? `sealed of ${id} by ${maker}` : null)
    if (record?.state === 'ready') expect(String(record.csr)).toBe(`csr of ${id} by ${maker}`)
  }
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
