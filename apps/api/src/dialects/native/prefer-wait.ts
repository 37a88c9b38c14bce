import type { Context } from 'hono'
import { preferredWait } from '../../prefer.ts'
import type { Env } from '../../services.ts'

/** Milliseconds that the caller prefers to wait, and says in the answer that it was heard; undefined: no word of it. */
export function applyWait(c: Context<Env>): number | undefined {
  const milliseconds = preferredWait(c.req.header('prefer'))
  if (milliseconds !== undefined) c.header('Preference-Applied', `wait=${milliseconds / 1_000}`)
  return milliseconds
}
