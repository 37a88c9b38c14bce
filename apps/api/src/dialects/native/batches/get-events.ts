/**
 * GET /v1/batches/{id}/events: server-sent events with the counts of a batch as they move.
 *
 * Rules: an event is the batch as it is now, at most one a second, so one that is missed is nothing lost; the first comes at once
 * and the last when the batch is over, with which the stream ends. Until then a comment every 15 seconds keeps it open. It takes
 * a place among the held calls and ends with its caller's credential.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { idSchema } from '@csr-foundry/native-api'
import type { HeldCall } from '@csr-foundry/queue'
import { type BatchRecord, readBatch, tenantKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { z } from 'zod'
import { waitHeld } from '../../../hold.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import type { BatchPace } from './batch-pace.ts'
import { type BatchLine, batchLine, isOver, requireBatch } from './batch-view.ts'
import { streamOf } from './stream-of.ts'

const leastApartMs = 1_000
const commentEveryMs = 15_000
const retryAfter = 5

export const getEvents = (services: Services, pace: BatchPace) =>
  new Hono<Env>().get(
    '/:id/events',
    operation('getEvents', {
      summary: 'Follow a batch',
      description:
        'Server-sent events: `batch`, with the batch as GET gives it, but for its rejected rows, whenever its counts have moved, at most once a second. The stream ends with the batch.',
      role: 'read',
      params: z.object({ id: idSchema }),
      answers: {
        200: {
          description: 'The events.',
          body: { mediaType: 'text/event-stream', schema: z.string(), examples: {} },
        },
      },
      errors: ['batch_not_found', 'events_throttled'],
    }),
    (c) => batchEvents(services, c, { id: c.req.valid('param').id, pace, say: JSON.stringify }),
  )

type Asked = {
  readonly id: string
  readonly pace: BatchPace
  /** The data of an event, in one line. */
  readonly say: (batch: BatchLine) => string
}

/** The answer with the events of a batch. @throws {ServiceError} `batch_not_found`, `events_throttled` */
export async function batchEvents(
  services: Services,
  c: Context<Env>,
  { id, ...how }: Asked,
): Promise<Response> {
  const batch = await requireBatch(services.redis, c.get('place'), id)
  const headers = { 'Content-Type': 'text/event-stream' }
  if (c.req.method === 'HEAD') return c.body(null, 200, headers)
  const held = isOver(batch) ? undefined : hold(services, c, id)
  if (!held && !isOver(batch)) throw new ServiceError('events_throttled', { retryAfter })
  return c.body(streamOf(asBytes(follow(services, c, { batch, held, ...how }))), 200, headers)
}

function hold({ heldCalls }: Services, c: Context<Env>, id: string): HeldCall | undefined {
  const place = c.get('place')
  const key = tenantKeys(place.shard, place.tenant).batch(id)
  return heldCalls.register(place, `batch:${id}`, key)
}

type Followed = Omit<Asked, 'id'> & {
  readonly batch: BatchRecord
  readonly held: HeldCall | undefined
}

async function* follow(
  services: Services,
  c: Context<Env>,
  { batch: first, held: place, pace, say }: Followed,
): AsyncGenerator<string, void> {
  const news = new News(say)
  let batch: BatchRecord | undefined = first
  let held = place
  try {
    while (batch) {
      yield* news.of(batchLine(c.get('place'), batch, pace))
      if (isOver(batch) || !held) return
      if (!(await waitHeld(services, c, held, news.msToComment()))) return
      await delay(leastApartMs, undefined, { ref: false })
      // Registered before it is read, so that no news falls between; in one turn, so that nobody takes its place.
      held.release()
      held = hold(services, c, first.id)
      batch = await readBatch(services.redis, c.get('place'), first.id)
    }
  } finally {
    held?.release()
  }
}

/** What is said of a batch, by what was said last, and when. */
class News {
  readonly #say: Asked['say']
  #told = ''
  #quietSince = Date.now()

  constructor(say: Asked['say']) {
    this.#say = say
  }

  msToComment(): number {
    return Math.max(0, this.#quietSince + commentEveryMs - Date.now())
  }

  *of(batch: BatchLine): Generator<string, void> {
    const text = JSON.stringify([batch.state, batch.counts])
    if (text === this.#told && this.msToComment() > 0) return
    yield text === this.#told ? ':\n\n' : `event: batch\ndata: ${this.#say(batch)}\n\n`
    this.#told = text
    this.#quietSince = Date.now()
  }
}

async function* asBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  for await (const text of texts) yield Buffer.from(text)
}
