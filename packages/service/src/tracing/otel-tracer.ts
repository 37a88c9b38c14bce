import {
  type Attributes,
  context,
  type Tracer as OtelApiTracer,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { traceparentOf } from './traceparent-propagator.ts'
import type { SpanFacts, Step, TracedCall, TraceIds, Tracer } from './tracer.ts'

/** A batch of a million rows takes thousands of steps: no store of traces would show such a call. */
const mostSteps = 500

/** Spans by OpenTelemetry's own API, which BullMQ's take their place in. */
export class OtelTracer implements Tracer {
  readonly #tracer: OtelApiTracer
  readonly #steps = new WeakMap<Span, number>()

  constructor(tracer: OtelApiTracer) {
    this.#tracer = tracer
  }

  async traceCall({ traceparent, work, answered }: TracedCall): Promise<void> {
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent })
    const span = this.#tracer.startSpan('call', { kind: SpanKind.SERVER }, parent)
    try {
      await context.with(trace.setSpan(parent, span), work)
      const { name, facts, failed } = answered()
      span.updateName(name)
      span.setAttributes(attributesOf(facts))
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  async traceStep<Result>(
    { name, isRemote = false, facts = {} }: Step,
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (!this.takesStep()) return await work()
    const kind = isRemote ? SpanKind.CLIENT : SpanKind.INTERNAL
    const span = this.#tracer.startSpan(name, { kind, attributes: attributesOf(facts) })
    try {
      return await context.with(trace.setSpan(context.active(), span), work)
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  takesStep(): boolean {
    const parent = trace.getActiveSpan()
    // One that has ended does not record: what a call has left running, such as a timer, is no step of it.
    if (!parent?.isRecording()) return false
    const steps = (this.#steps.get(parent) ?? 0) + 1
    this.#steps.set(parent, steps)
    return steps <= mostSteps
  }

  noteOnSpan(facts: SpanFacts, failed: boolean): void {
    const span = trace.getActiveSpan()
    span?.setAttributes(attributesOf(facts))
    if (failed) span?.setStatus({ code: SpanStatusCode.ERROR })
  }

  traceIds(): TraceIds | undefined {
    const span = trace.getActiveSpan()?.spanContext()
    return span && { trace_id: span.traceId, span_id: span.spanId }
  }

  traceparent(): string | undefined {
    const span = trace.getActiveSpan()
    return span?.isRecording() ? traceparentOf(span.spanContext()) : undefined
  }
}

/** An error by its kind alone: its words may name what the call was about. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', errorType(error))
}

function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'other'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function attributesOf(facts: SpanFacts): Attributes {
  const attributes: Attributes = {}
  for (const [name, fact] of Object.entries(facts)) {
    attributes[name] = typeof fact === 'object' ? [...fact] : fact
  }
  return attributes
}
