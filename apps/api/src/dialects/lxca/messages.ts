/**
 * The bodies of LXCA's answers: `{response, result, messages}` on success, `{result, messages}` on failure, one message for
 * each fault. Ids that start with FQXHMSE are Lenovo's; those that start with CSRF are ours, with a severity letter at the
 * end, because Lenovo's for these errors are not public.
 *
 * Source: Lenovo XClarity Administrator REST API, POST /certificateSigningRequest.
 */
import { type ErrorCode, errorKinds, type Fault, type ServiceError } from '@csr-foundry/service'
import { z } from 'zod'
import { pointerParts } from '../../pointer-parts.ts'
import type { Failure } from '../dialect.ts'

export const messageIds = {
  body_malformed: 'CSRF0101E',
  content_type_unsupported: 'CSRF0102E',
  attribute_invalid: 'CSRF0103E',
  parameter_invalid: 'CSRF0104E',
  body_too_large: 'CSRF0105E',
  operation_not_supported: 'CSRF0106E',
  content_encoding_unsupported: 'CSRF0107E',
  request_malformed: 'CSRF0108E',
  request_timeout: 'CSRF0109E',
  headers_too_large: 'CSRF0110E',
  batch_input_invalid: 'CSRF0111E',
  batch_rejected: 'CSRF0112E',
  batch_too_large: 'CSRF0113E',
  credentials_invalid: 'FQXHMSE0291J',
  login_throttled: 'CSRF0203W',
  csrf_token_missing: 'CSRF0204E',
  writes_throttled: 'CSRF0205W',
  uploads_throttled: 'CSRF0206W',
  queue_full: 'CSRF0207W',
  errands_throttled: 'CSRF0208W',
  reads_throttled: 'CSRF0209W',
  batches_full: 'CSRF0210W',
  events_throttled: 'CSRF0211W',
  role_missing: 'CSRF0201E',
  origin_refused: 'CSRF0202E',
  path_not_found: 'CSRF0301E',
  request_cancelled: 'CSRF0302E',
  resource_unknown: 'CSRF0303E',
  key_not_found: 'CSRF0304E',
  account_not_found: 'CSRF0305E',
  csr_not_there: 'CSRF0306E',
  request_not_failed: 'CSRF0307E',
  key_in_use: 'CSRF0308E',
  private_key_known: 'CSRF0309E',
  name_taken: 'CSRF0310E',
  last_administrator: 'CSRF0311E',
  key_not_exportable: 'CSRF0312E',
  token_made_before: 'CSRF0313E',
  idempotency_key_reused: 'CSRF0314E',
  request_gone: 'CSRF0315E',
  seal_not_found: 'CSRF0316E',
  batch_not_found: 'CSRF0317E',
  batch_busy: 'CSRF0318E',
  batch_cancelled: 'CSRF0319E',
  worker_not_found: 'CSRF0320E',
  dead_lot_not_found: 'CSRF0321E',
  csr_not_made: 'CSRF0401E',
  errand_not_done: 'CSRF0403E',
  worker_died: 'CSRF0402E',
  internal: 'CSRF0501E',
  unavailable: 'CSRF0502W',
  storage_full: 'CSRF0503W',
  vault_unavailable: 'CSRF0504W',
} as const satisfies Record<ErrorCode, string>

/** Lenovo's own words for a failed login. */
const loginFailed = 'The request to log in could not be completed successfully.'

const messageView = z
  .object({
    explanation: z.string(),
    id: z.string(),
    recovery: z.object({ text: z.string(), URL: z.string() }),
    text: z.string(),
  })
  .meta({ id: 'LxcaMessage' })

type Message = z.output<typeof messageView>

const completed: Message = {
  explanation: '',
  id: 'FQXHMSE0001I',
  recovery: { text: 'Information only; no action is required.', URL: '' },
  text: 'The request completed successfully.',
}

export const success = <Response>(response: Response) =>
  ({ response, result: 'success', messages: [completed] }) as const

/** What {@link success} gives, for the OpenAPI document. */
export const successView = <Response extends z.ZodType>(response: Response) =>
  z.object({ response, result: z.literal('success'), messages: z.array(messageView) })

/** The success of a call that has nothing to give. */
export const done = { result: 'success', messages: [completed] } as const

export const doneView = z
  .object({ result: z.literal('success'), messages: z.array(messageView) })
  .meta({ id: 'LxcaDone' })

/** By the media type of the answer. */
export const errorViews = {
  'application/json': z
    .object({ result: z.literal('failure'), messages: z.array(messageView) })
    .meta({ id: 'LxcaFailure' }),
}

export const failure: Failure = (error, requestId) => {
  const texts = error.faults.length > 0 ? error.faults.map(faultText) : [errorText(error)]
  const messages = texts.map((text) => message(error, text, requestId))
  return { body: { result: 'failure', messages }, contentType: 'application/json' }
}

function message({ code }: ServiceError, text: string, requestId: string): Message {
  const { title, recovery } = errorKinds[code]
  const id = messageIds[code]
  const explanation = code === 'internal' ? `${title} The id of this call is ${requestId}.` : title
  return { explanation, id, recovery: { text: recovery, URL: `/docs/errors#${id}` }, text }
}

const errorText = ({ code, message: text }: ServiceError) =>
  code === 'credentials_invalid' ? loginFailed : text

/** `/subjectAlternativeNames/generalNames/0/name` reads as `subjectAlternativeNames.generalNames[0].name`. */
function faultText({ pointer, detail }: Fault): string {
  const name = pointerParts(pointer)
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('')
  return `${name === '' ? 'The body' : name} ${detail}.`
}
