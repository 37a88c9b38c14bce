import type { Logger } from '../logger.ts'
import type { Tracing } from './tracing-settings.ts'

export type RunningTracing = {
  /** Exports what is left, for 2 s at most, and ends it. */
  stop(): Promise<void>
}

/** Traces from now on, where it is asked for. Call it before anything that is to be traced is made. */
export async function startTracing(
  tracing: Tracing | undefined,
  log: Logger,
): Promise<RunningTracing> {
  if (tracing === undefined) return { stop: async () => {} }
  // Not loaded where it is off: it takes a tenth of a second and some megabytes.
  const { traceTo } = await import('./trace-to.ts')
  return traceTo(tracing, log)
}
