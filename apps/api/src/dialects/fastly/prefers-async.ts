import type { Context } from 'hono'
import { preferredWait } from '../../prefer.ts'
import type { Env } from '../../services.ts'

/** Whether a caller would rather have a 202 than wait (RFC 7240, `Prefer: respond-async`). */
export const prefersAsync = (header: string | undefined): boolean =>
  (header ?? '').split(',').some((one) => /^\s*respond-async\s*(;|$)/i.test(one))

/**
 * For how many milliseconds a call is held: `wait=n` says it, `respond-async` alone means not at all. What was heeded goes
 * into the answer.
 */
export function holdOf(c: Context<Env>, usual: number): number {
  const header = c.req.header('prefer')
  const wait = preferredWait(header)
  const applied = [
    ...(prefersAsync(header) ? ['respond-async'] : []),
    ...(wait === undefined ? [] : [`wait=${wait / 1_000}`]),
  ]
  if (applied.length > 0) c.header('Preference-Applied', applied.join(', '))
  return wait ?? (prefersAsync(header) ? 0 : usual)
}
