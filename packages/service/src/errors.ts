/**
 * The closed list of what can go wrong, for a caller or for a stored request.
 *
 * Rules: inside the service everything that a caller may learn of is thrown as a {@link ServiceError} with a code of this
 * table; each dialect renders the table in its own shape. An error that is not a ServiceError is a bug: of it a caller
 * learns the word `internal` and the id of the call, never its text.
 */

type ErrorKind = {
  /** HTTP status, where a dialect has no other. */
  readonly status:
    | 400
    | 401
    | 403
    | 404
    | 405
    | 408
    | 409
    | 410
    | 413
    | 415
    | 422
    | 429
    | 431
    | 500
    | 503
  readonly title: string
  /** What the reader does next. */
  readonly recovery: string
}

export const errorKinds = {
  body_malformed: {
    status: 400,
    title: 'The body is not well-formed JSON.',
    recovery: 'Correct the JSON at the place that the message names and send the request again.',
  },
  content_type_unsupported: {
    status: 400,
    title: 'The Content-Type of the body is not supported.',
    recovery: 'Send the body as JSON with the header Content-Type: application/json.',
  },
  attribute_invalid: {
    status: 400,
    title: 'An attribute of the body is missing or not valid.',
    recovery: 'Correct the attribute that the message names and send the request again.',
  },
  parameter_invalid: {
    status: 400,
    title: 'A query or path parameter is missing or not valid.',
    recovery: 'Correct the parameter that the message names and send the request again.',
  },
  credentials_invalid: {
    status: 401,
    title: 'The credentials are missing or not valid.',
    recovery: 'Send the user name and password, or the token, of an account of this service.',
  },
  login_throttled: {
    status: 429,
    title: 'Too many log-ins failed from here, or are being checked at the moment.',
    recovery: 'Check the password, and try again after the time that the Retry-After header names.',
  },
  writes_throttled: {
    status: 429,
    title: 'The account has changed too much within a minute.',
    recovery: 'Try again after the time that the Retry-After header names.',
  },
  reads_throttled: {
    status: 429,
    title: 'The account has read too much within a minute.',
    recovery: 'Try again after the time that the Retry-After header names.',
  },
  role_missing: {
    status: 403,
    title: 'The account does not have the role that this operation needs.',
    recovery: 'Ask an administrator of your tenant for the role that the message names.',
  },
  origin_refused: {
    status: 403,
    title: 'A page of another site may not change anything here.',
    recovery: 'Call the service from its own pages or from a client that is not a browser.',
  },
  csrf_token_missing: {
    status: 403,
    title: 'A session may change nothing without its CSRF token.',
    recovery: 'Send the csrf value of the session in the header X-Csrf-Token.',
  },
  path_not_found: {
    status: 404,
    title: 'The path does not name a certificate signing request.',
    recovery: 'Use a path that POST gave to your tenant and that has not been deleted.',
  },
  request_cancelled: {
    status: 404,
    title: 'The certificate signing request was cancelled before it was made.',
    recovery: 'Submit a new request if you still need the CSR.',
  },
  key_not_found: {
    status: 404,
    title: 'There is no such private key.',
    recovery: 'Use the id of a key of your tenant that has not been deleted.',
  },
  account_not_found: {
    status: 404,
    title: 'There is no such account, token or tenant.',
    recovery: 'Use a name or an id that the list shows.',
  },
  worker_not_found: {
    status: 404,
    title: 'There is no such worker process.',
    recovery: 'Use the id of a worker that the overview shows; one that starts again has another.',
  },
  dead_lot_not_found: {
    status: 404,
    title: 'There is no such dead lot.',
    recovery: 'Use an id that the list of dead lots shows; one that was retried is gone from it.',
  },
  resource_unknown: {
    status: 404,
    title: 'There is no such resource.',
    recovery: 'Check the URL against the documentation of the API.',
  },
  operation_not_supported: {
    status: 405,
    title: 'The operation is not supported.',
    recovery: 'Use one of the methods that the Allow header names.',
  },
  batch_input_invalid: {
    status: 400,
    title: 'The body is not a batch that can be read to its end.',
    recovery: 'Correct it at the line that the message names and send it again.',
  },
  batch_rejected: {
    status: 400,
    title: 'Nothing of the batch was taken, as some of its rows are not valid.',
    recovery: 'Correct the rows that the message names and send all of it again.',
  },
  batch_too_large: {
    status: 413,
    title: 'The batch is larger than one may be.',
    recovery: 'Split it into several batches.',
  },
  batch_not_found: {
    status: 404,
    title: 'There is no such batch.',
    recovery: 'Use the id of a batch of your tenant that has not been deleted.',
  },
  batch_busy: {
    status: 409,
    title: 'The batch is being taken in, or changed as a whole, at the moment.',
    recovery: 'Try again when that is over: ask for the batch, it tells its state.',
  },
  batch_cancelled: {
    status: 409,
    title: 'The batch was cancelled before all of its rows were taken.',
    recovery: 'Send what is still needed as a new batch, with a new Idempotency-Key.',
  },
  csr_not_there: {
    status: 409,
    title: 'The request has no CSR.',
    recovery: 'Ask for the request as JSON: it tells its state, and the problem if it failed.',
  },
  request_not_failed: {
    status: 409,
    title: 'Only a request that has failed can be tried again.',
    recovery: 'Ask for the request: it tells its state.',
  },
  key_in_use: {
    status: 409,
    title: 'A certificate signing request uses the private key.',
    recovery: 'Delete the requests that use the key first.',
  },
  private_key_known: {
    status: 409,
    title: 'The tenant holds this private key already.',
    recovery: 'Use the key that the message names.',
  },
  name_taken: {
    status: 409,
    title: 'The name is taken.',
    recovery: 'Choose another name, or change what has it.',
  },
  last_administrator: {
    status: 409,
    title: 'Nobody else has a role that somebody must have.',
    recovery: 'Give another user the role first.',
  },
  key_not_exportable: {
    status: 409,
    title: 'The private key never leaves the service.',
    recovery: 'Only keys of the custody exportable can be exported; make a new key with it.',
  },
  token_made_before: {
    status: 409,
    title: 'An earlier call has made the token, which is shown only once.',
    recovery:
      'Delete the token that the message names and make another with a new Idempotency-Key.',
  },
  seal_not_found: {
    status: 404,
    title: 'The audit has no seal yet.',
    recovery: 'Ask again: entries are sealed within a second or two while a worker runs.',
  },
  errands_throttled: {
    status: 429,
    title: 'Too many exports and verifications are under way at the moment.',
    recovery: 'Try again after the time that the Retry-After header names.',
  },
  errand_not_done: {
    status: 500,
    title: 'The export or the verification could not be done.',
    recovery: 'Try again; if it fails again, tell the operator the request id of the message.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another call.',
    recovery:
      'Send a new Idempotency-Key with each new call, and the same only with the same call.',
  },
  request_gone: {
    status: 410,
    title: 'What an earlier call with this Idempotency-Key has made was deleted since.',
    recovery: 'Send the call with a new Idempotency-Key to have it made again.',
  },
  content_encoding_unsupported: {
    status: 415,
    title: 'The Content-Encoding of the body is not supported.',
    recovery: 'Send the body as it is, without the header Content-Encoding.',
  },
  request_malformed: {
    status: 400,
    title: 'The call is not well-formed HTTP.',
    recovery: 'Correct the request line and the headers.',
  },
  request_timeout: {
    status: 408,
    title: 'The call did not arrive whole in time.',
    recovery: 'Send the whole call again on a better connection.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers of the call are too large.',
    recovery: 'Send fewer or shorter headers; 16 KiB with the request line are read.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is larger than this operation accepts.',
    recovery: 'Send fewer subject alternative names in one request.',
  },
  uploads_throttled: {
    status: 429,
    title: 'Too many private keys are being checked at the moment.',
    recovery: 'Try again after the time that the Retry-After header names.',
  },
  batches_full: {
    status: 429,
    title: 'The tenant has as many open batches as it may have.',
    recovery: 'Try again when one of them is done, or put more rows into one batch.',
  },
  events_throttled: {
    status: 429,
    title: 'Too many calls wait for news at the moment.',
    recovery: 'Try again after the time that the Retry-After header names, or ask for the batch.',
  },
  queue_full: {
    status: 429,
    title: 'The tenant has as many queued requests as it may have.',
    recovery: 'Wait until some are done, or ask the operator for a higher limit.',
  },
  csr_not_made: {
    status: 500,
    title: 'The CSR could not be made.',
    recovery: 'Submit the request again; if it fails again, tell the operator the path id.',
  },
  worker_died: {
    status: 500,
    title: 'The worker died twice while it worked on this request, which was then set aside.',
    recovery: 'Submit the request again; if it fails again, tell the operator the path id.',
  },
  internal: {
    status: 500,
    title: 'An internal error occurred.',
    recovery: 'Try again; if it happens again, tell the operator the request id of the message.',
  },
  unavailable: {
    status: 503,
    title: 'The service cannot reach its data store at the moment.',
    recovery: 'Try again after the time that the Retry-After header names.',
  },
  vault_unavailable: {
    status: 503,
    title: 'The service cannot take private keys at the moment.',
    recovery:
      'Try again after the time that the Retry-After header names; tell the operator if it lasts.',
  },
  storage_full: {
    status: 503,
    title: 'The data store of the service is full; nothing new is accepted.',
    recovery: 'Try again later; the operator has to make room or raise the limit.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

/** What kinds of faults a dialect tells apart with a code of its own; any other is `attribute_invalid`. */
export const faultCodes = [
  'attribute_unknown',
  'sans_required',
  'key_type_not_allowed',
  'key_and_key_type',
] as const

/** One fault of an input: where (a JSON pointer, or the name of a parameter) and what is wrong and allowed. */
export type Fault = {
  readonly pointer: string
  readonly detail: string
  readonly code?: (typeof faultCodes)[number]
  /** Of a batch: the line, or the number of the element, counted from 1. */
  readonly line?: number
}

/** The stored and the sent form of an error: RFC 9457, with the code and all faults. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly errors?: readonly Fault[]
}

export type ServiceErrorOptions = {
  readonly detail?: string
  readonly faults?: readonly Fault[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number
  /** Methods that the resource has, for `operation_not_supported`. */
  readonly allow?: readonly string[]
  readonly cause?: unknown
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly faults: readonly Fault[]
  readonly retryAfter: number | undefined
  readonly allow: readonly string[]

  constructor(code: ErrorCode, options: ServiceErrorOptions = {}) {
    super(options.detail ?? errorKinds[code].title, { cause: options.cause })
    this.code = code
    this.faults = options.faults ?? []
    this.retryAfter = options.retryAfter
    this.allow = options.allow ?? []
  }
}

/** The problem document of any error. What is not a ServiceError loses its text. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof ServiceError ? error : new ServiceError('internal')
  const { status, title } = errorKinds[known.code]
  return {
    type: `/docs/errors#${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
    ...(known.faults.length > 0 && { errors: known.faults }),
  }
}
