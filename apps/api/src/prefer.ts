/** What a caller prefers about waiting (RFC 7240), and the answer that it was heeded. */
import type { Context } from 'hono'
import type { Env } from './services.ts'

/** The longest that a call is held, whatever its caller prefers: proxies give up on a silent call after a minute. */
const longestHold = 55

/** Milliseconds that the caller prefers to wait for the result, `Prefer: wait=n`; undefined: no word of it. */
export function heedWait(c: Context<Env>): number | undefined {
  const wait = waitOf(preferencesOf(c))
  if (wait !== undefined) c.header('Preference-Applied', waitText(wait))
  return wait
}

/** As {@link heedWait}, and `respond-async` alone is a wait of none. */
export function heedWaitOrAsync(c: Context<Env>): number | undefined {
  const preferences = preferencesOf(c)
  const wait = waitOf(preferences)
  const respondAsync = preferences.some((one) => /^respond-async\s*(;|$)/i.test(one))
  const applied = [
    ...(respondAsync ? ['respond-async'] : []),
    ...(wait === undefined ? [] : [waitText(wait)]),
  ]
  if (applied.length > 0) c.header('Preference-Applied', applied.join(', '))
  return wait ?? (respondAsync ? 0 : undefined)
}

const preferencesOf = (c: Context<Env>) =>
  (c.req.header('prefer') ?? '').split(',').map((one) => one.trim())

function waitOf(preferences: readonly string[]): number | undefined {
  for (const preference of preferences) {
    const seconds = /^wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference)?.[1]
    if (seconds !== undefined) return Math.min(longestHold, Number(seconds)) * 1_000
  }
  return undefined
}

const waitText = (milliseconds: number) => `wait=${milliseconds / 1_000}`
