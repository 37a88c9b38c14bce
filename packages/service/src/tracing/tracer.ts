/**
 * What the rest of the service knows of tracing. While it is off, each of these functions costs one comparison, and nothing
 * of OpenTelemetry is in memory: what makes spans is loaded by start-tracing.ts.
 *
 * Rules: a span has names, ids, states, codes and counts. Never a subject, a body, a header, an argument of a script, or the
 * words of an error: spans leave the installation.
 */

/** What a span says, under the names of OpenTelemetry's conventions or under `csr_foundry.…`. */
export type SpanFacts = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>

/** A part of a call or of a lot that has a span of its own. */
export type Step = {
  readonly name: string
  /** Whether it waits for another server. */
  readonly isRemote?: boolean
  readonly facts?: SpanFacts
}

export type TracedCall = {
  /** As its caller sent it, whatever it is. */
  readonly traceparent: string | undefined
  readonly work: () => Promise<void>
  /** What is known when it has been answered. */
  readonly answered: () => {
    readonly name: string
    readonly facts: SpanFacts
    readonly failed: boolean
  }
}

/** The fields by which a log line names its trace, as OpenTelemetry calls them. */
export type TraceIds = { readonly trace_id: string; readonly span_id: string }

export type Tracer = {
  traceCall(call: TracedCall): Promise<void>
  traceStep<Result>(step: Step, work: () => Promise<Result>): Promise<Result>
  takesStep(): boolean
  noteOnSpan(facts: SpanFacts, failed: boolean): void
  traceIds(): TraceIds | undefined
  traceparent(): string | undefined
}

let tracer: Tracer | undefined

/** The one that this process uses from now on; undefined: none. */
export function setTracer(next: Tracer | undefined): void {
  tracer = next
}

export const isTracing = () => tracer !== undefined

/** Answers a call within a span, which goes on with its caller's trace. */
export const traceCall = (call: TracedCall): Promise<void> =>
  tracer ? tracer.traceCall(call) : call.work()

/** Does a step within a span, where there is a call or a lot that it is part of. */
export const traceStep = <Result>(step: Step, work: () => Promise<Result>): Promise<Result> =>
  tracer ? tracer.traceStep(step, work) : work()

/** Whether there is a call or a lot, not ended yet, whose trace has room for another step. */
export const takesStep = (): boolean => tracer?.takesStep() ?? false

/** Adds to the span of what is under way; `failed` marks it as such. */
export function noteOnSpan(facts: SpanFacts, failed = false): void {
  tracer?.noteOnSpan(facts, failed)
}

/** Of what is under way. */
export const traceIds = (): TraceIds | undefined => tracer?.traceIds()

/** Names the span of what is under way, by W3C Trace Context; undefined where there is none that is exported. */
export const traceparent = (): string | undefined => tracer?.traceparent()
