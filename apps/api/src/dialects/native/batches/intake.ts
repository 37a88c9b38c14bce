/**
 * A batch on its way in: its body → the intake thread, which makes blocks of 256 rows of it → one script each → the jobs of
 * their lots.
 *
 * Rules: one block is being written while the next one is read, and nothing more is read until it is written, so a client sends
 * as fast as Redis takes. The batch is opened when its first block is there: what cannot be read leaves nothing behind. Before
 * each block the caller is looked at again. Whatever ends the intake early abandons it: of a partial batch what was taken stays, and
 * the same call with the same Idempotency-Key skips it, by the digests of its blocks; of an atomic one nothing stays.
 */
import { type RejectedRow, readKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { retryAfterOutage } from '../../../as-service-error.ts'
import type { BatchJob, BatchSource } from '../../../intake/batch-job.ts'
import type { ParsedBlock } from '../../../intake/block-parser.ts'
import type { DigestedBlock } from '../../../intake/thread-messages.ts'
import type { Env, Services } from '../../../services.ts'
import { EarlierDigests } from './earlier-digests.ts'
import { rejected, told } from './intake-errors.ts'
import { type IntakeCall, OpenIntake } from './open-intake.ts'
import { withKeys } from './with-keys.ts'

/** After so many rows that are not valid it is told that an atomic batch is not taken. */
const enoughRejects = 100

export type BatchCall = IntakeCall & Omit<BatchSource, 'stop'>

/** Takes a batch in; gives its id. */
export async function takeBatch(
  services: Services,
  c: Context<Env>,
  call: BatchCall,
): Promise<string> {
  const { drained } = services.heldCalls
  const stop = new AbortController()
  const intake = new Intake(services, c, call, stop)
  const leave = () => stop.abort(stopping())
  drained.addEventListener('abort', leave, { once: true })
  if (drained.aborted) leave()
  try {
    return await services.intake.read({ ...call, stop }, (job) => intake.take(job))
  } catch (error) {
    throw await intake.leave(error)
  } finally {
    drained.removeEventListener('abort', leave)
    intake.close()
  }
}

const stopping = () =>
  new ServiceError('unavailable', { detail: 'The service stops.', retryAfter: retryAfterOutage })

class Intake {
  readonly #services: Services
  readonly #context: Context<Env>
  readonly #call: BatchCall
  readonly #stop: AbortController
  readonly #rejects: RejectedRow[] = []
  #blocks = 0
  #open: OpenIntake | undefined
  #earlier: EarlierDigests | undefined
  #writing = Promise.resolve()

  constructor(services: Services, context: Context<Env>, call: BatchCall, stop: AbortController) {
    this.#services = services
    this.#context = context
    this.#call = call
    this.#stop = stop
  }

  async take(job: BatchJob): Promise<string> {
    let next = job.block(0)
    for (let block = await next; block; block = await next) {
      const open = await this.#opened()
      next = job.block(open.earlier)
      await this.#takeBlock(open, block)
    }
    await this.#writing
    if (this.#rejects.length > 0) throw rejected(this.#rejects)
    if (!this.#open) throw new ServiceError('batch_input_invalid', { detail: 'It has no rows.' })
    if (this.#blocks < this.#open.earlier) throw otherContent()
    await this.#open.end()
    return this.#open.id
  }

  async #takeBlock(open: OpenIntake, { digest, ...parsed }: DigestedBlock): Promise<void> {
    const number = this.#blocks
    this.#blocks += 1
    if (number < open.earlier) {
      if ((await this.#earlier?.of(number)) !== digest) throw otherContent()
      return
    }
    if (open.isOver) throw otherContent()
    const content = await this.#withKeys(parsed)
    await this.#writing
    if (this.#isRefused(content.rejects)) return
    this.#writing = open.write({ number, digest, ...content })
    // It is told of at the next block, or here where the client is slow to send one.
    this.#writing.catch((error: unknown) => this.#stop.abort(error))
  }

  async #opened(): Promise<OpenIntake> {
    if (this.#open) return this.#open
    const open = await OpenIntake.open(this.#services, this.#context, this.#call)
    open.keep((why) => this.#stop.abort(why))
    this.#open = open
    this.#earlier = new EarlierDigests(this.#services.redis, this.#context.get('place'), open.id)
    return open
  }

  async #withKeys({ keyed, ...parsed }: ParsedBlock) {
    if (keyed.length === 0) return parsed
    const ids = [...new Set(keyed.map(({ keyId }) => keyId))]
    const found = await readKeys(this.#services.redis, this.#context.get('place'), ids)
    const keys = new Map(found.flatMap((key) => (key ? [[key.id, key] as const] : [])))
    const { rows: signed, rejects } = withKeys(keyed, keys, this.#call.form.format)
    const { size } = parsed
    return { size, rows: [...parsed.rows, ...signed], rejects: [...parsed.rejects, ...rejects] }
  }

  /** Of an atomic batch that has rows which are not valid nothing more is written: the rest is read for theirs. */
  #isRefused(rejects: readonly RejectedRow[]): boolean {
    if (this.#call.mode !== 'atomic') return false
    this.#rejects.push(...rejects)
    if (this.#rejects.length >= enoughRejects) throw rejected(this.#rejects)
    return this.#rejects.length > 0
  }

  /** What the caller is told of an error that ended the intake, once all that is to be done about it is done. */
  async leave(error: unknown): Promise<unknown> {
    await this.#writing.catch(() => {})
    const open = this.#open
    if (!open) return told(error, '')
    await open.abandon().catch((trouble: unknown) => {
      // The sweep does it when the lease is over.
      const requestId = this.#context.get('requestId')
      this.#services.log.warn({ requestId, batch: open.id, err: trouble }, 'intake not abandoned')
    })
    return told(error, open.progress)
  }

  close(): void {
    this.#open?.close()
  }
}

const otherContent = () =>
  new ServiceError('idempotency_key_reused', {
    detail: 'The rows are not those of the earlier call with this Idempotency-Key.',
  })
