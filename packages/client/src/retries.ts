import type { ClientError } from './client-error.ts'

/** A try that failed and is made again after `pause` seconds. */
export type Retry = {
  readonly error: ClientError
  readonly attempt: number
  readonly pause: number
}

/** Where no reader of the answers asks for another number. */
export const usualTries = 4

const firstPause = 0.25
const longestPause = 8

// PATCH of this API sets values: twice is as once.
const idempotentMethods = new Set(['GET', 'PUT', 'PATCH', 'DELETE'])

/** `keyed`: whether the service keeps the call's Idempotency-Key, so that twice is as once. */
export function mayTryAgain(
  { again }: ClientError,
  { method, keyed }: { readonly method: string; readonly keyed?: true },
): boolean {
  const isIdempotent = keyed === true || idempotentMethods.has(method)
  return again === 'always' || (again === 'if_idempotent' && isIdempotent)
}

/**
 * Seconds until the next try. Never sooner than the service asks for, and never all callers at once: they were refused
 * together and would be again.
 */
export function pauseBefore(
  attempt: number,
  retryAfter: number | undefined,
  random: () => number = Math.random,
): number {
  const backOff = Math.min(longestPause, firstPause * 2 ** (attempt - 1))
  if (retryAfter === undefined) return backOff * (0.5 + random() / 2)
  return Math.max(retryAfter, backOff / 2) + (random() * backOff) / 2
}
