import {
  type Context,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'

/** Of version 00; a later one begins in the same way. */
const pattern = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/**
 * Hands on which trace and which span, by W3C Trace Context, and no more: `tracestate` and `baggage` are words of the caller's
 * own, which would be stored with the jobs.
 */
export class TraceparentPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpanContext(context)
    if (span && isSpanContextValid(span)) setter.set(carrier, 'traceparent', traceparentOf(span))
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const given = getter.get(carrier, 'traceparent')
    const span = typeof given === 'string' ? spanContextIn(given) : undefined
    return span ? trace.setSpanContext(context, span) : context
  }

  fields(): string[] {
    return ['traceparent']
  }
}

export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext) =>
  `00-${traceId}-${spanId}-${(traceFlags & 1) === 1 ? '01' : '00'}`

/** Undefined: it names none, and whoever sent it begins a new trace. */
function spanContextIn(text: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = pattern.exec(text) ?? []
  const traceFlags = Number.parseInt(flags, 16) & 1
  const span = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(span) ? span : undefined
}
