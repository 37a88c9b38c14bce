/**
 * One walk through an audit, from where it begins to the newest entry, seal by seal.
 *
 * Rules: only what an authentic seal says is believed. Its records are held against the seal before they are held against the
 * entries; where they do not match it, the entries themselves are chained up to it, which says whether they are whole, and not
 * which of them is not.
 */
import type { Vault } from '@csr-foundry/key-vault'
import {
  type AuditFinding,
  type AuditReport,
  type ChainPoint,
  chainStart,
  extendChain,
  idOctets,
  idOf,
  idOrder,
  isSamePoint,
  readChainedEntries,
  readSeals,
  recordOrder,
  type Seal,
  type StoredSeal,
  sealText,
  splitRecords,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { authenticSeal, pointOf } from './authentic-seal.ts'
import { Differences } from './differences.ts'
import { EntryCursor } from './entry-cursor.ts'
import { finding } from './finding.ts'
import { HeldSeal } from './held-seal.ts'

const sealsPerPage = 20
const findingsTold = 100
/** By then (ms) an entry is sealed, where sealing goes on. */
const sealedWithin = 60_000

export type AuditToWalk = {
  readonly redis: Redis
  readonly vault: Vault
  readonly place: TenantPlace
  /** The newest authentic seal. */
  readonly newest: Seal | undefined
  /** The place of the last seal to be read. */
  readonly upTo: string | undefined
  readonly held: string | undefined
}

export class AuditWalk {
  readonly #audit: AuditToWalk
  readonly #start: ChainPoint
  readonly #entries: EntryCursor
  readonly #held: HeldSeal | undefined
  readonly #differences = new Differences()
  readonly #ofSeals: AuditFinding[] = []
  #found = 0
  /** Up to where authentic seals cover what was read. */
  #point: ChainPoint

  static async prepare(audit: AuditToWalk): Promise<AuditWalk> {
    const { vault, place, newest, held: text } = audit
    const start = newest?.trimmed ?? chainStart(place.tenant)
    const held = text === undefined ? undefined : await HeldSeal.read(vault, place, { text, start })
    return new AuditWalk(audit, start, held)
  }

  private constructor(audit: AuditToWalk, start: ChainPoint, held: HeldSeal | undefined) {
    this.#audit = audit
    this.#start = start
    this.#point = start
    this.#held = held
    this.#entries = new EntryCursor((page) => readChainedEntries(audit.redis, audit.place, page))
  }

  async report(): Promise<AuditReport> {
    const { place, newest } = this.#audit
    await this.#differences.compare([], this.#entries.upTo(this.#start.last))
    for await (const stored of this.#seals()) await this.#take(stored)
    const sealed = this.#entries.given
    await this.#takeUnsealed()
    const entries = this.#entries.given
    const held = this.#held?.judge(this.#point)
    const differences = this.#differences.findings()
    const findings = [...(held?.findings ?? []), ...differences, ...this.#ofSeals]
    return {
      tenant: place.tenant,
      entries,
      sealed,
      unsealed: entries - sealed,
      from: this.#start,
      newest: newest ? sealText(newest) : null,
      held: held?.state ?? 'none',
      found:
        (held?.findings.length ?? 0) + differences.length + this.#differences.more + this.#found,
      findings: findings.slice(0, findingsTold),
    }
  }

  async *#seals(): AsyncGenerator<StoredSeal, void> {
    const { redis, place, upTo } = this.#audit
    let after = '0-0'
    while (upTo !== undefined && idOrder(after, upTo) < 0) {
      const page = await readSeals(redis, place, { after, limit: sealsPerPage })
      if (page.length === 0) return
      for (const stored of page) if (idOrder(stored.id, upTo) <= 0) yield stored
      after = page.at(-1)?.id ?? upTo
    }
  }

  async #take(stored: StoredSeal): Promise<void> {
    const seal = await authenticSeal(this.#audit.vault, this.#audit.place, stored.seal)
    if (!seal) {
      this.#add(finding('seal_not_authentic', { seal: stored.id, after: known(this.#point) }))
      return
    }
    if (seal.before.count > this.#point.count) await this.#bridge(seal, stored.id)
    else if (!isSamePoint(seal.before, this.#point)) {
      const more = 'It does not follow the seal before it.'
      this.#add(finding('seal_mismatch', { seal: stored.id, after: known(this.#point) }, more))
    }
    // One that was stored twice says nothing new.
    if (seal.count < this.#point.count) return
    await this.#cover(seal, stored)
    this.#point = pointOf(seal)
  }

  /** Seals are missing between the last and this one: what they covered can be told to be whole or not, and no more. */
  async #bridge({ before }: Seal, seal: string): Promise<void> {
    const from = this.#point
    const reached = await this.#chainFound(from, before.last)
    const lying = reached.count - from.count
    const count = before.count - from.count
    const place = { seal, after: known(from), to: before.last, count }
    if (lying === 0 && from === this.#start) {
      this.#add(finding('start_cut', place, `${count} entries up to ${before.last} are gone.`))
    } else {
      const covered = `Before this one seals covered ${count} entries up to ${before.last};`
      const whole = isSamePoint(reached, before)
      const more = whole ? 'these are whole.' : `the ${lying} that lie here are not those.`
      this.#add(finding('seals_missing', place, `${covered} ${more}`))
    }
    this.#point = before
    this.#held?.follow(before)
  }

  async #cover(seal: Seal, { id, records }: StoredSeal): Promise<void> {
    const from = this.#point
    const all = splitRecords(seal, records)
    if (all && isSamePoint(extendChain(seal.before, all), pointOf(seal))) {
      const last = idOctets(from.last)
      const further = all.filter((record) => recordOrder(record, last) > 0)
      await this.#differences.compare(further, this.#entries.upTo(seal.last))
      this.#held?.followRecords(seal.before, pointOf(seal), all)
      return
    }
    const reached = await this.#chainFound(from, seal.last)
    const more = isSamePoint(reached, seal)
      ? 'The entries are whole; what lies with the seal was changed.'
      : 'What lies with the seal was changed, and entries were, too: which of them cannot be told.'
    const place = { seal: id, after: known(from), to: seal.last, count: seal.count - from.count }
    this.#add(finding('seal_mismatch', place, more))
    this.#held?.follow(pointOf(seal))
  }

  /** Chains the entries that lie there, up to `to` or to the end. */
  async #chainFound(from: ChainPoint, to?: string): Promise<ChainPoint> {
    const held = this.#held?.within(to)
    if (held === undefined) return await this.#chainUpTo(from, to)
    const point = await this.#chainUpTo(from, held)
    this.#held?.pass(point)
    return await this.#chainUpTo(point, to)
  }

  async #chainUpTo(from: ChainPoint, to?: string): Promise<ChainPoint> {
    let point = from
    for await (const records of this.#entries.upTo(to)) point = extendChain(point, records)
    return point
  }

  async #takeUnsealed(): Promise<void> {
    const from = this.#point
    const first = await this.#entries.peek()
    const reached = await this.#chainFound(from)
    if (!first || Number(first.readBigUInt64BE(0)) > Date.now() - sealedWithin) return
    const count = reached.count - from.count
    const place = { entry: idOf(first), to: reached.last, after: known(from), count }
    this.#add(finding('not_sealed', place))
  }

  #add(one: AuditFinding): void {
    this.#found += 1
    if (this.#ofSeals.length < findingsTold) this.#ofSeals.push(one)
  }
}

const known = ({ last, count }: ChainPoint) => (count === 0 ? undefined : last)
