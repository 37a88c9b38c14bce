import { randomUUID } from 'node:crypto'
import { groupLots } from '@csr-foundry/queue'
import {
  abandonIntake,
  type BatchMode,
  type BlockRow,
  deleteBatch,
  endIntake,
  holdIntake,
  openBatch,
  type RejectedRow,
  readBatch,
  takeBlock,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { confirmCaller } from '../../../authentication/confirm-caller.ts'
import type { Env, Services } from '../../../services.ts'
import { addLots, changeInBackground } from './add-lots.ts'
import { batchBusy, batchCancelled, batchGone, lostIntake } from './intake-errors.ts'

/** A third of the lease. */
const renewEvery = 10_000
const retryAfterFull = 60

export type WholeBlock = {
  readonly number: number
  readonly digest: string
  readonly size: number
  readonly rows: readonly (BlockRow & { readonly line: number })[]
  readonly rejects: readonly RejectedRow[]
}

/** `once`: what names a call that carries an Idempotency-Key. */
export type IntakeCall = { readonly mode: BatchMode; readonly once: { call: string } | undefined }

/** `owner` names this intake; `isOver`: all of it was in before this call. */
type Facts = IntakeCall & { readonly owner: string; readonly isOver: boolean }

/** A batch that a call takes in, or has taken in before: what the call does to it. */
export class OpenIntake {
  readonly id: string
  /** How many blocks an earlier call has taken. */
  readonly earlier: number
  /** Rows that are taken, by this call. */
  taken = 0
  readonly #services: Services
  readonly #call: Context<Env>
  readonly #facts: Facts
  #lease: NodeJS.Timeout | undefined

  private constructor(
    services: Services,
    call: Context<Env>,
    { id, earlier, ...facts }: Facts & { id: string; earlier: number },
  ) {
    this.#services = services
    this.#call = call
    this.id = id
    this.earlier = earlier
    this.#facts = facts
  }

  /**
   * Opens a new batch, goes on with a broken one, or looks into one that is all in.
   *
   * @throws {ServiceError} `batches_full`, `batch_busy`, `request_gone`, `batch_cancelled`, `idempotency_key_reused`, `storage_full`
   */
  static async open(
    services: Services,
    c: Context<Env>,
    { mode, once }: IntakeCall,
  ): Promise<OpenIntake> {
    const { redis, openBatches: openLimit } = services
    const owner = randomUUID()
    const place = c.get('place')
    const opened = await openBatch(redis, place, { mode, owner, once, openLimit })
    if (opened.kind === 'too_many') {
      throw new ServiceError('batches_full', { retryAfter: retryAfterFull })
    }
    const { kind, id } = opened
    c.set('batch', id)
    if (kind === 'busy') throw batchBusy(id)
    if (kind === 'gone') throw batchGone(id)
    const facts = { mode, once, owner, id, isOver: kind === 'done' }
    if (kind === 'new') return new OpenIntake(services, c, { ...facts, earlier: 0 })
    if (kind === 'resumed') return new OpenIntake(services, c, { ...facts, earlier: opened.blocks })
    const batch = await readBatch(redis, place, id)
    if (!batch) throw batchGone(id)
    if (batch.times.taken === undefined) throw batchCancelled(id)
    return new OpenIntake(services, c, { ...facts, earlier: batch.blocks })
  }

  /** Whether all of it was in before this call. */
  get isOver(): boolean {
    return this.#facts.isOver
  }

  /** Keeps the batch for this call while its client is slow; `lost` hears why it cannot be kept. */
  keep(lost: (why: unknown) => void): void {
    if (this.#facts.isOver) return
    this.#lease = setInterval(() => {
      this.#renew().catch((error: unknown) => {
        // Redis that is away for a moment is met by the next block, if by then it still is.
        if (error instanceof ServiceError) lost(error)
      })
    }, renewEvery)
  }

  async #renew(): Promise<void> {
    await confirmCaller(this.#call)
    const place = this.#call.get('place')
    const { redis } = this.#services
    if (await holdIntake(redis, place, this.id, this.#facts.owner)) return
    throw await lostIntake(redis, place, this.id)
  }

  /**
   * Records a block and queues its lots.
   *
   * @throws {ServiceError} also `credentials_invalid`, `role_missing` of a caller who has lost what let him in
   */
  async write(block: WholeBlock): Promise<void> {
    await confirmCaller(this.#call)
    const place = this.#call.get('place')
    const { rows, ...facts } = block
    const result = await takeBlock(this.#services.redis, place, this.id, {
      ...{ ...facts, owner: this.#facts.owner, lots: groupLots(rows) },
      ...(place.queuedLimit !== undefined && { queuedLimit: place.queuedLimit }),
    })
    if (result.kind === 'key_not_found') return await this.write(without(block, result.keyId))
    if (result.kind === 'lost') throw await lostIntake(this.#services.redis, place, this.id)
    if (result.kind === 'there' && result.digest !== block.digest) {
      throw new ServiceError('idempotency_key_reused')
    }
    this.taken += block.size
    if (result.kind === 'taken') await addLots(this.#services, this.#call, this.id, result.tickets)
  }

  /** All rows are in. */
  async end(): Promise<void> {
    if (this.#facts.isOver) return
    await confirmCaller(this.#call)
    const place = this.#call.get('place')
    const ended = await endIntake(this.#services.redis, place, this.id, this.#facts.owner)
    if (ended === 'releasing') changeInBackground(this.#services, this.#call, this.id)
    else if (ended !== 'taken') throw await lostIntake(this.#services.redis, place, this.id)
  }

  /** The rest will not come. Where nothing came at all and nobody can go on with it, nothing is left. */
  async abandon(): Promise<void> {
    if (this.#facts.isOver) return
    const { mode, once, owner } = this.#facts
    const { redis } = this.#services
    const place = this.#call.get('place')
    await abandonIntake(redis, place, this.id, owner)
    const isEmpty = this.taken === 0 && once === undefined
    if (isEmpty) await deleteBatch(redis, place, this.id)
    if (isEmpty || mode === 'atomic') changeInBackground(this.#services, this.#call, this.id)
  }

  /** Whoever has its id, or the same call again, can see how far it came. */
  get progress(): string {
    const { mode, once, isOver } = this.#facts
    if (isOver || mode === 'atomic' || this.earlier + this.taken === 0) return ''
    const how = once ? 'send the same call again to go on' : 'the rest needs a batch of its own'
    return `The batch ${this.id} has the rows before that: ${how}.`
  }

  close(): void {
    clearInterval(this.#lease)
  }
}

/** Its key was there when the block was put together. */
function without({ rows, rejects, ...block }: WholeBlock, keyId: string): WholeBlock {
  const errors = [{ pointer: '/key/id', detail: 'names no key' }]
  const lost = rows.filter((row) => row.keyId === keyId)
  return {
    ...block,
    rows: rows.filter((row) => row.keyId !== keyId),
    rejects: [
      ...rejects,
      ...lost.map(({ line, ref }) => ({ line, ...(ref !== '' && { ref }), errors })),
    ],
  }
}
