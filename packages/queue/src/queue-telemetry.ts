/**
 * How traces go through the queue: a job's options name the span of the call that added it, and nothing else of it.
 *
 * The lot of a single call goes on with the trace of that call. Lots that are added together, of a batch, begin traces of
 * their own, each with a link to the call: one trace of thousands of lots would be of no use to anybody.
 */
import { isTracing, takesStep, traceparent } from '@csr-foundry/service'
import type { JobsOptions, Span, Telemetry } from 'bullmq'

/** OpenTelemetry's number of the kind that BullMQ's spans of a job being processed have. */
const consumer = 4

export type QueueTelemetry = Telemetry & {
  /** What the options of jobs that are added together say. */
  ofMany(): NonNullable<JobsOptions['telemetry']>
}

/** OpenTelemetry's context, of which this file needs no more. */
type Context = { getValue(key: symbol): unknown; setValue(key: symbol, value: unknown): Context }

const linked = Symbol('the call that added a lot together with others')

/** For queues and workers; undefined while tracing is off: bullmq-otel is not loaded then. */
export async function queueTelemetry(): Promise<QueueTelemetry | undefined> {
  if (!isTracing()) return undefined
  const { BullMQOtel } = await import('bullmq-otel')
  const { tracer, contextManager } = new BullMQOtel({ tracerName: 'bullmq' })
  const start = (name: string, options: object, context?: Context) =>
    new WordlessSpan(tracer.startSpan(name, options, context as never))
  return {
    ofMany: () => {
      const link = traceparent()
      return link === undefined ? { omitContext: true } : { metadata: JSON.stringify({ link }) }
    },
    contextManager: {
      active: () => contextManager.active(),
      with: (context, work) => contextManager.with(context, work),
      getMetadata: (context) => contextManager.getMetadata(context),
      fromMetadata: (active, metadata) => {
        const { link, traceparent: parent } = namesIn(metadata)
        if (parent !== undefined) return contextManager.fromMetadata(active, metadata)
        const span = link && spanContextIn(link)
        return span ? active.setValue(linked, span) : active
      },
    },
    tracer: {
      startSpan: (name, options, context?: Context) => {
        if (options?.kind === consumer)
          return start(name, { ...options, ...origin(context) }, context)
        // BullMQ looks after its queues all the time: what is no part of a call or a lot is not worth a trace.
        return takesStep() ? start(name, options ?? {}, context) : noSpan
      },
    },
  }
}

/** Where the span of a lot begins: a trace of its own, unless the lot is that of a single call. */
function origin(context: Context | undefined): object {
  const link = context?.getValue(linked)
  return link === undefined
    ? { root: context === undefined }
    : { root: true, links: [{ context: link }] }
}

type Names = { readonly traceparent?: string; readonly link?: string }

/** What was thrown here would leave the lot without a worker, for a trace. */
function namesIn(metadata: string): Names {
  try {
    return JSON.parse(metadata) ?? {}
  } catch {
    return {}
  }
}

function spanContextIn(link: string): object | undefined {
  const [, traceId, spanId, flags] = link.split('-')
  return traceId && spanId ? { traceId, spanId, traceFlags: Number(flags) } : undefined
}

/** Tells ids and counts, but not what an error or a result says. */
class WordlessSpan implements Span {
  readonly #span: Span

  constructor(span: Span) {
    this.#span = span
  }

  setSpanOnContext(context: Context): Context {
    return this.#span.setSpanOnContext(context)
  }

  setAttribute(...given: Parameters<Span['setAttribute']>): void {
    this.#span.setAttribute(...given)
  }

  setAttributes(...given: Parameters<Span['setAttributes']>): void {
    this.#span.setAttributes(...given)
  }

  addEvent(name: string): void {
    this.#span.addEvent(name)
  }

  recordException(exception: unknown): void {
    const type = exception instanceof Error ? exception.name : 'other'
    this.#span.setAttribute('error.type', type)
  }

  end(): void {
    this.#span.end()
  }
}

/** Leaves the context as it is, so that what follows is no part of it. */
const noSpan: Span = {
  setSpanOnContext: (context) => context,
  setAttribute: () => {},
  setAttributes: () => {},
  addEvent: () => {},
  recordException: () => {},
  end: () => {},
}
