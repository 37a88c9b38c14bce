/**
 * One batch in the intake thread: the chunks of its body → rows → blocks of 256.
 *
 * Rules: it reads while a block is wanted, and no further. Whether a row is parsed, or only noted because an earlier call has
 * taken it in, is said with the wish for its block. It gives way to the other batches every few milliseconds.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { blockSize } from '@csr-foundry/records/blocks'
import { BatchInputError } from '../batch-input/batch-input-error.ts'
import type { RawRow } from '../batch-input/raw-row.ts'
import { readRows } from '../batch-input/read-rows.ts'
import { BlockParser } from './block-parser.ts'
import { BodyCut, BodyQueue } from './body-queue.ts'
import { RowDigest } from './row-digest.ts'
import type { BatchForm, Message, OpenOrder, Order, Outcome } from './thread-messages.ts'

/** Parsing a row can take milliseconds; for no longer than this (ms) all other batches wait. */
const turnMs = 4

type JobOrder = Exclude<Order, OpenOrder | { does: 'show' }>

export class BatchReader {
  readonly #job: number
  readonly #form: BatchForm
  readonly #say: (message: Message) => void
  readonly #body: BodyQueue
  readonly #digest: RowDigest
  readonly #parser: BlockParser
  #blocks = 0
  /** How many blocks an earlier call has taken in. */
  #earlier = 0
  #wanted = Promise.withResolvers<void>()
  #isForgotten = false

  constructor(job: number, form: BatchForm, say: (message: Message) => void) {
    this.#job = job
    this.#form = form
    this.#say = say
    this.#body = new BodyQueue((bytes) => say({ says: 'took', job, bytes }))
    this.#digest = new RowDigest(form.said)
    this.#parser = new BlockParser(form)
  }

  obey(order: JobOrder): void {
    if (order.does === 'read') this.#body.push(order.bytes)
    else if (order.does === 'end') this.#body.end(order.broken)
    else if (order.does === 'forget') this.#forget()
    else {
      this.#earlier = order.earlier
      this.#wanted.resolve()
    }
  }

  /** Reads all of it; resolves when the job is over, however it ended. */
  async run(): Promise<void> {
    const job = this.#job
    try {
      await this.#wanted.promise
      await this.#read()
      this.#say({ says: 'over', job })
    } catch (error) {
      if (!this.#isForgotten) this.#say(outcomeOf(error, job))
    }
  }

  async #read(): Promise<void> {
    let rested = performance.now()
    for await (const row of readRows(this.#body, this.#form)) {
      this.#add(row)
      if (this.#parser.size === blockSize) await this.#give()
      if (performance.now() - rested < turnMs) continue
      await breathe()
      this.#requireWanted()
      rested = performance.now()
    }
    if (this.#parser.size > 0) await this.#give()
  }

  #add(row: RawRow): void {
    this.#digest.add(row)
    if (this.#blocks < this.#earlier) this.#parser.note(row)
    else this.#parser.add(row)
  }

  /** Gives the block, and waits until the next one is wanted. */
  async #give(): Promise<void> {
    // While a part was inflated it may have been forgotten, and then nobody asks for more.
    this.#requireWanted()
    const block = { ...this.#parser.take(), digest: this.#digest.now() }
    this.#blocks += 1
    this.#wanted = Promise.withResolvers()
    this.#say({ says: 'block', job: this.#job, block })
    await this.#wanted.promise
    this.#requireWanted()
  }

  #forget(): void {
    this.#isForgotten = true
    this.#body.drop()
    this.#wanted.resolve()
  }

  #requireWanted(): void {
    if (this.#isForgotten) throw new BodyCut()
  }
}

function outcomeOf(error: unknown, job: number): Outcome {
  if (error instanceof BodyCut) return { says: 'broken', job }
  if (error instanceof BatchInputError) {
    const { code, faults, line } = error
    return { says: 'faulty', job, code, faults, line }
  }
  return { says: 'failed', job, error: error instanceof Error ? error.name : typeof error }
}
