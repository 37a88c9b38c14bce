/**
 * The bodies of Fastly's errors (JSON:API 1.1, section Errors): one object for each fault, with a pointer to its place, or
 * the name of the query parameter. The one exception is 401, which has a shape of its own.
 *
 * Source: Fastly's API reference, TLS certificate signing requests; recorded answers of the real service.
 */
import { type ErrorCode, errorKinds, type Fault, type ServiceError } from '@csr-foundry/service'
import { z } from 'zod'
import { pointerParts } from '../../pointer-parts.ts'
import type { Failure } from '../dialect.ts'

/** JSON:API's media type; no charset follows it, since a client compares the whole. */
export const mediaType = 'application/vnd.api+json'

/** Where the PEM of a private key stands in a body. */
export const keyPointer = '/data/attributes/key'

/** What this dialect calls an error for which the wire has a name of its own. */
export const errorIds: Partial<Record<ErrorCode, string>> = {
  key_not_found: 'tls_private_key_not_found',
}

const idOf = (code: ErrorCode): string => errorIds[code] ?? code

/** A key that is there already is a fault of the body, as Fastly sees it. */
const statuses: Partial<Record<ErrorCode, 400>> = { private_key_known: 400 }

/** What says the same however it was found, in the words and without the full stop of the real service. */
const details: Partial<Record<ErrorCode, string>> = {
  key_not_found: 'The tls_private_key was not found',
  path_not_found: 'The certificate_signing_request was not found',
}

const sources: Partial<Record<ErrorCode, object>> = { private_key_known: { pointer: keyPointer } }

/** By the media type of the answer. */
export const errorViews = {
  [mediaType]: z
    .object({
      errors: z.array(
        z.object({
          id: z.string().describe('The id of the call, as in X-Request-Id and the log.'),
          status: z.string(),
          code: z.string(),
          title: z.string(),
          detail: z.string(),
          source: z
            .union([z.object({ pointer: z.string() }), z.object({ parameter: z.string() })])
            .optional(),
          links: z.object({ about: z.string() }),
        }),
      ),
    })
    .meta({ id: 'FastlyErrors' }),
  'application/json': z.object({ msg: z.string() }).meta({ id: 'FastlyUnauthorized' }),
}

export const failure: Failure = (error, requestId) => {
  if (error.code === 'credentials_invalid') {
    const msg = 'Provided credentials are missing or invalid'
    return { body: { msg }, contentType: 'application/json' }
  }
  const { code } = error
  const status = statuses[code] ?? errorKinds[code].status
  const common = {
    id: requestId,
    status: String(status),
    title: status === 404 ? 'Not found' : errorKinds[code].title,
  }
  const errors =
    error.faults.length > 0
      ? error.faults.map((fault) => withLink(common, ofFault(error, fault)))
      : [withLink(common, ofWhole(error))]
  return { body: { errors }, contentType: mediaType, status }
}

const withLink = (common: object, own: { readonly code: string }) => ({
  ...common,
  links: { about: `/docs/errors#${own.code}` },
  ...own,
})

function ofWhole({ code, message }: ServiceError) {
  const source = sources[code]
  return {
    code: idOf(code),
    detail: details[code] ?? message,
    ...(source !== undefined && { source }),
  }
}

function ofFault({ code }: ServiceError, { pointer, detail, code: own }: Fault) {
  const parts = pointerParts(pointer)
  if (code === 'parameter_invalid') {
    const parameter = parts.join('/')
    return { code: idOf(code), detail: sentence(parameter, detail), source: { parameter } }
  }
  return {
    code: own ?? idOf(code),
    detail: details[code] ?? sentence(nameOf(parts), detail),
    source: { pointer },
  }
}

/** What is told of a private key is a sentence already. */
const sentence = (name: string, detail: string) =>
  /^[A-Z].*\.$/.test(detail) ? detail : `${name} ${detail}.`

/** `/data/attributes/sans/0` reads as `sans[0]`. */
function nameOf(parts: readonly string[]): string {
  const last = parts.at(-1)
  if (last === undefined) return 'The body'
  return /^\d+$/.test(last) && parts.length > 1 ? `${parts.at(-2)}[${last}]` : last
}
