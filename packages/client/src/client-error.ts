import { problemView } from '@csr-foundry/native-api'
import { z } from 'zod'

/** What a client says by itself; all other codes are the service's (docs/errors.md). */
export const ownCodes = {
  options_invalid: 'Correct what the client was given.',
  unreachable: 'Check the URL and that the service runs.',
  certificate_refused:
    'Name the CA of the certificate in a PEM file: NODE_EXTRA_CA_CERTS=ca.pem. Check that the URL has the name that is in the certificate.',
  timeout: 'Try again, or allow more time.',
  not_settled: 'It stays in the queue; ask again later.',
  unexpected_answer: 'Check that the URL is that of a csr-foundry of a fitting version.',
} as const
export type OwnCode = keyof typeof ownCodes

/** A problem as an answer has it. A later service may have codes that this client does not know. */
const answeredProblem = problemView.extend({
  code: z.string(),
  errors: z
    .array(
      z.object({
        pointer: z.string(),
        detail: z.string(),
        code: z.string().optional(),
        line: z.number().optional(),
      }),
    )
    .optional(),
})
export type AnsweredProblem = z.output<typeof answeredProblem>

/** Whether the same call may be made once more: without a second thought, if it may happen twice, or not at all. */
export type Again = 'always' | 'if_idempotent' | 'never'

type Options = {
  readonly hint?: string
  readonly status?: number
  readonly problem?: AnsweredProblem
  readonly retryAfter?: number | undefined
  readonly again?: Again
  readonly cause?: unknown
}

/**
 * Why a call did not succeed. Its texts never hold a credential or what was sent.
 *
 * @example
 * ```ts
 * try { await client.requests.get('42') } catch (error) {
 *   if (error instanceof ClientError && error.code === 'path_not_found') return undefined
 *   throw error
 * }
 * ```
 */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  /** The service's code, or one of `ownCodes`. */
  readonly code: string
  /** What to do next: a sentence. */
  readonly hint: string
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined
  /** The whole document that the service answered with. */
  readonly problem: AnsweredProblem | undefined
  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter: number | undefined
  readonly again: Again

  constructor(code: string, message: string, options: Options = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? ownCodes[code as OwnCode] ?? ''
    this.status = options.status
    this.problem = options.problem
    this.retryAfter = options.retryAfter
    this.again = options.again ?? 'never'
  }
}

/** What an answer that is no success says. */
export function refusal(status: number, headers: Headers, body: Buffer): ClientError {
  const parsed = answeredProblem.safeParse(jsonOf(body))
  const options = { status, retryAfter: retryAfterOf(headers), again: againAfter(status) }
  if (!parsed.success) return foreignAnswer(status, headers, options)
  const problem = parsed.data
  return new ClientError(problem.code, textOf(problem), {
    ...options,
    problem,
    ...(problem.recovery !== undefined && { hint: problem.recovery }),
  })
}

/** A success that is not what this call answers with. */
export function unexpectedAnswer(status: number, what: string, cause?: unknown): ClientError {
  const message = `The answer (status ${status}) is not what csr-foundry gives: ${what}.`
  return new ClientError('unexpected_answer', message, { status, cause })
}

export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Seconds; the header has them, or a date. */
export function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

function againAfter(status: number): Again {
  // The service answers these before it changes anything, unless it loses its Redis in the very moment. A proxy's 502 and
  // 504 say nothing of what happened.
  if (status === 429 || status === 503) return 'always'
  return status === 502 || status === 504 ? 'if_idempotent' : 'never'
}

/** Somebody between answered, or it is no csr-foundry. */
function foreignAnswer(status: number, headers: Headers, options: Options): ClientError {
  if (status < 300 || status > 399) {
    const message = `The answer has status ${status} and no reason.`
    return new ClientError('unexpected_answer', message, options)
  }
  const location = headers.get('location') ?? ''
  const to = URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
  return new ClientError('unexpected_answer', `The URL only leads on${to} (status ${status}).`, {
    ...options,
    hint: 'Use the URL of the service itself; credentials are not sent after a redirect.',
  })
}

/** The faults say where it is wrong, and the sentence above them says little more than that it is. */
function textOf({ detail, errors = [] }: AnsweredProblem): string {
  const untold = errors.filter((fault) => fault.pointer !== '' || !detail.includes(fault.detail))
  const faults = untold.map(({ line, pointer, detail: what }) => {
    const place = line === undefined ? pointer : `line ${line} ${pointer}`
    return `${place.trim()} ${what}`.trim()
  })
  return faults.length === 0 ? detail : `${detail} ${faults.join('; ')}.`
}
