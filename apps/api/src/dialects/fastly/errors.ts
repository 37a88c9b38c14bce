/**
 * The bodies of Fastly's errors (JSON:API 1.1, section Errors): one object for each fault, with a pointer to its place. The
 * one exception is 401, which has a shape of its own.
 *
 * Source: Fastly's API reference, TLS certificate signing requests; recorded answers of the real service.
 */
import { type ErrorCode, errorKinds, type Fault, type ServiceError } from '@csr-foundry/service'
import type { Failure } from '../dialect.ts'

/** JSON:API's media type; no charset follows it, since a client compares the whole. */
export const mediaType = 'application/vnd.api+json'

const codes = Object.keys(errorKinds) as ErrorCode[]

/** What this dialect calls each error; it differs from ours where the wire has a name of its own. */
export const errorIds = {
  ...(Object.fromEntries(codes.map((code) => [code, code])) as Record<ErrorCode, string>),
  key_not_found: 'tls_private_key_not_found',
}

/** A key that is there already is a fault of the body, as Fastly sees it. */
const statuses: Partial<Record<ErrorCode, 400>> = { private_key_known: 400 }

export const failure: Failure = (error, requestId) => {
  if (error.code === 'credentials_invalid') {
    const msg = 'Provided credentials are missing or invalid'
    return { body: { msg }, contentType: 'application/json' }
  }
  const status = statuses[error.code] ?? errorKinds[error.code].status
  const faults: readonly (Fault | undefined)[] =
    error.faults.length > 0 ? error.faults : [undefined]
  const errors = faults.map((fault) => errorObject(error, status, fault, requestId))
  return { body: { errors }, contentType: mediaType, status }
}

function errorObject(
  { code, message }: ServiceError,
  status: number,
  fault: Fault | undefined,
  requestId: string,
) {
  return {
    id: requestId,
    status: String(status),
    code: fault?.code ?? errorIds[code],
    title: status === 404 ? 'Not found' : errorKinds[code].title,
    detail: fault === undefined ? message : sentence(fault),
    links: { about: `/docs/errors#${code}` },
    ...(fault !== undefined && { source: { pointer: fault.pointer } }),
  }
}

function sentence({ pointer, detail }: Fault): string {
  const name = pointer.split('/').at(-1)?.replaceAll('~1', '/').replaceAll('~0', '~')
  return `${name ? name : 'The body'} ${detail}.`
}
