/** Milliseconds as a person reads them: `48 ms`, `2.4 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  return `${(milliseconds / 1_000).toFixed(1)} s`
}

/** Starts a watch; each call of it gives the time since then. */
export function stopwatch(): () => string {
  const started = performance.now()
  return () => formatDuration(performance.now() - started)
}
