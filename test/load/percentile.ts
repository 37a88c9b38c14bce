/** The value that this part of the values, from 0 to 1, is not above (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

/** `p50 12 ms   p95 …`, of milliseconds. */
export const percentilesText = (values: readonly number[]): string =>
  [
    ...[50, 95, 99].map((p) => `p${p} ${percentile(values, p / 100).toFixed(0)} ms`),
    `max ${percentile(values, 1).toFixed(0)} ms`,
  ].join('   ')
