/** How a caller says who he is, as the OpenAPI document has it. */

import { sessionCookie } from '../authentication/credentials.ts'
import { isSafe } from '../authentication/safe-methods.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { DocumentedOperation } from '../operation.ts'

export const securitySchemes = {
  basic: { type: 'http', scheme: 'basic', description: 'Name and password of a user.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'A token.' },
  fastlyKey: {
    ...{ type: 'apiKey', in: 'header', name: 'Fastly-Key' },
    description: "A token, as Fastly's clients send it.",
  },
  lxcaSession: {
    ...{ type: 'apiKey', in: 'cookie', name: sessionCookie },
    description: 'The cookie of a session; see POST /sessions.',
  },
  lxcaCsrfToken: {
    ...{ type: 'apiKey', in: 'header', name: 'X-Csrf-Token' },
    description: 'The `csrf` of the session, where a call with its cookie changes something.',
  },
} as const

/** The ways in, any of which will do; each names the role that the caller needs (OpenAPI 3.1.1, section 4.8.30). */
export function securityOf(
  { open, role }: DocumentedOperation,
  { cookies }: Dialect,
  method: string,
) {
  if (open) return []
  const roles = role === undefined ? [] : [role]
  const session = isSafe(method)
    ? { lxcaSession: roles }
    : { lxcaSession: roles, lxcaCsrfToken: roles }
  return [{ basic: roles }, { bearer: roles }, { fastlyKey: roles }, ...(cookies ? [session] : [])]
}
