import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@csr-foundry/service'

/**
 * What a session's changes have to bring along in `X-Csrf-Token`: made from the id, which no other site's page can read, and
 * telling nothing of it.
 */
export const csrfOf = (sessionId: Secret): string =>
  createHmac('sha256', sessionId.reveal()).update('csrf').digest('base64url')

export function isCsrfOf(sessionId: Secret, given: string | undefined): boolean {
  const expected = Buffer.from(csrfOf(sessionId))
  const shown = Buffer.from(given ?? '')
  return shown.length === expected.length && timingSafeEqual(shown, expected)
}
