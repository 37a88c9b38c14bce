/**
 * GET /v1/ops/events: server-sent events with the overview, every two seconds.
 *
 * Rules: all who follow it in a process share one look at Redis. It ends with its caller's credential or role, and when the process is
 * stopped: the client connects again. While Redis is away it tells of that, with the last overview.
 */
import { type OverviewView, overviewEventsQuery } from '@csr-foundry/native-api'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../../operation.ts'
import { overviewFeed } from '../../../overview/overview-feed.ts'
import type { Env, Services } from '../../../services.ts'
import { streamOf } from '../batches/stream-of.ts'

const retryAfter = 5

export const getOverviewEvents = (services: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getOverviewEvents', {
      summary: 'Follow the overview',
      description:
        'Server-sent events: `overview`, as GET gives it, every two seconds. The stream ends after `count` of them; who follows on connects again.',
      role: 'operate',
      query: overviewEventsQuery,
      answers: {
        200: {
          description: 'The events.',
          body: { mediaType: 'text/event-stream', schema: z.string(), examples: {} },
        },
      },
      errors: ['events_throttled'],
    }),
    (c) => overviewEvents(services, c, JSON.stringify, c.req.valid('query').count),
  )

/**
 * The answer with so many events; `say` gives the data of one, in one line.
 *
 * @throws {ServiceError} `events_throttled`
 */
export async function overviewEvents(
  services: Services,
  c: Context<Env>,
  say: (overview: OverviewView) => string,
  count = 1_000,
): Promise<Response> {
  const headers = { 'Content-Type': 'text/event-stream' }
  if (c.req.method === 'HEAD') return c.body(null, 200, headers)
  const feed = overviewFeed(services)
  // Here, before the answer begins: what Redis refuses is refused as everywhere.
  await feed.current()
  const seat = feed.takeSeat()
  if (!seat) throw new ServiceError('events_throttled', { retryAfter })
  const watch = services.authenticator.watch(c.get('caller'), ({ principal }) =>
    principal.roles.includes('operate'),
  )
  const release = () => {
    watch.release()
    seat.release()
  }
  // Who leaves before the first event was read ends nothing that had begun.
  c.req.raw.signal.addEventListener('abort', release, { once: true })
  const gone = AbortSignal.any([c.req.raw.signal, watch.signal])
  const events = async function* () {
    let left = count
    try {
      for await (const overview of feed.follow(gone)) {
        if (services.draining()) return
        yield Buffer.from(`event: overview\ndata: ${say(overview)}\n\n`)
        left -= 1
        if (left === 0) return
      }
    } finally {
      release()
    }
  }
  return c.body(streamOf(events()), 200, headers)
}
