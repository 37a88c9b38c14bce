import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../logger.ts'

const warnEvery = 60_000

type Done = Parameters<SpanExporter['export']>[1]

/** The same exporter, whose failures are told of: one line a minute at most. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #log: Logger
  /** Spans that were lost since the last line. */
  #lost = 0
  #warned = Number.NEGATIVE_INFINITY

  constructor(exporter: SpanExporter, log: Logger) {
    this.#exporter = exporter
    this.#log = log
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#exporter.export(spans, (result) => {
      if (result.code !== 0) this.#warn(spans.length, result.error)
      done(result)
    })
  }

  #warn(lost: number, error: Error | undefined): void {
    this.#lost += lost
    if (performance.now() - this.#warned < warnEvery) return
    this.#warned = performance.now()
    this.#log.warn({ spans: this.#lost, reason: reasonOf(error) }, 'traces not exported')
    this.#lost = 0
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.()
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown()
  }
}

/** What a collector answers may be anything: its status alone is told. */
function reasonOf(error: Error | undefined): string {
  const code = error !== undefined && 'code' in error ? error.code : undefined
  if (typeof code === 'number') return `HTTP ${code}`
  return typeof code === 'string' ? code : (error?.message ?? 'unknown')
}
