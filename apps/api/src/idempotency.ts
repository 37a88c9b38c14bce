/**
 * The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a call that is made again with the same one does what
 * it asks for once, and is answered again. A key counts for 24 hours, for its caller and for the path that it was sent to.
 */
import { callOnce, type Once } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import type { Env } from './services.ts'
import { withoutChallenge } from './without-challenge.ts'

const header = 'Idempotency-Key'
/** As it is, or in the quotes of a structured field (RFC 8941). */
const wellFormed = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/

/** Who calls what with which key; undefined where the call has none. @throws {ServiceError} `parameter_invalid` */
export function onceParts(c: Context<Env>): readonly string[] | undefined {
  const given = c.req.header(header)
  if (given === undefined) return undefined
  const [, quoted, bare] = wellFormed.exec(given) ?? []
  const key = quoted ?? bare
  if (key !== undefined) return [c.get('caller').id, c.req.method, c.req.path, key]
  const detail = 'must have 1 to 255 visible ASCII characters, without quotes and backslashes'
  throw new ServiceError('parameter_invalid', { faults: [{ pointer: header, detail }] })
}

/** For calls that say all they ask for in their path and body. */
export async function onceOf(c: Context<Env>): Promise<Once | undefined> {
  const parts = onceParts(c)
  return parts && callOnce(parts, askedIn(Buffer.from(await c.req.arrayBuffer())))
}

/** The body as it is; but its digest lies in Redis, where it must not let a challenge password be guessed. */
function askedIn(body: Buffer): Buffer | string {
  return withoutChallenge(jsonIn(body)) ?? body
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // Fastly's may be a form, a retry has none.
    return undefined
  }
}
