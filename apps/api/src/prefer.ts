/** The longest that a call is held, whatever its caller prefers: proxies give up on a silent call after a minute. */
const longestHold = 55

/** Milliseconds that a caller prefers to wait for the result (RFC 7240, `Prefer: wait=n`, seconds); undefined: no word. */
export function preferredWait(header: string | undefined): number | undefined {
  for (const preference of (header ?? '').split(',')) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference)?.[1]
    if (seconds !== undefined) return Math.min(longestHold, Number(seconds)) * 1_000
  }
  return undefined
}
