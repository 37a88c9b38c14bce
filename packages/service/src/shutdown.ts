import type { Logger } from './logger.ts'

/**
 * Runs `stop` once, on SIGINT, SIGTERM or when the process that owns this one is gone (its IPC channel closes), and then
 * ends the process: exit code 0, or 1 when `stop` threw or took longer than `deadline` milliseconds.
 */
export function stopOnSignals(
  log: Logger,
  stop: (reason: string) => Promise<void>,
  deadline: number,
): void {
  let stopping = false
  const once = (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => {
      log.error({ deadline }, 'stopping took too long; ending at once')
      process.exit(1)
    }, deadline)
    stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => once(signal))
  if (!process.send) return
  process.on('disconnect', () => once('owner gone'))
  // It may have gone while this process was starting.
  if (!process.connected) once('owner gone')
}
