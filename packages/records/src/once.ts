/**
 * Calls that carry an Idempotency-Key. The script that does what a call asks for keeps what it made, for 24 hours, in the same
 * step: there is no moment in which one of the two is there without the other.
 */
import { hash } from 'node:crypto'
import { ServiceError } from '@csr-foundry/service'

/** What makes a call the same as another: who called what with which key, and a digest of what was asked for. */
export type Once = { readonly call: string; readonly digest: string }

/** @param parts who calls, what is called, the Idempotency-Key; @param asked what is asked for, whole */
export function callOnce(parts: readonly string[], asked: string | Buffer): Once {
  return {
    call: hash('sha256', JSON.stringify(parts), 'hex'),
    digest: hash('sha256', asked, 'base64url'),
  }
}

/** As the scripts take it. */
export const onceValues = (once: Once | undefined) => [once?.call ?? '', once?.digest ?? '']

/** What a script says that an earlier call has made; undefined where this is the first. */
export function earlierCall([kind, id]: readonly string[]): string | undefined {
  if (kind === 'other_body') throw new ServiceError('idempotency_key_reused')
  return kind === 'again' ? id : undefined
}
