/** The headers that calls and answers have, as the OpenAPI document describes them. */

/** What a call may bring along. */
export const requestHeaders = {
  'Prefer: wait': {
    name: 'Prefer',
    description:
      '`wait=n`: holds the call up to n seconds (at most 55) while the CSR is being made (RFC 7240).',
    schema: { type: 'string' },
    example: 'wait=20',
  },
  'Prefer: wait or respond-async': {
    name: 'Prefer',
    description:
      '`wait=n`: holds the call up to n seconds (at most 55) while the CSR is being made. `respond-async`: does not hold it (RFC 7240).',
    schema: { type: 'string' },
    example: 'wait=20',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    description:
      'A text that the caller makes anew for each call, and sends again with the same call: what it asks for is done once (within 24 hours). 1 to 255 visible ASCII characters.',
    schema: { type: 'string' },
    example: '0f6b2c1e-6f1c-4f3e-9d49-0a3f1c6f1b11',
  },
} as const

export type RequestHeader = keyof typeof requestHeaders

const text = { type: 'string' } as const
const wholeNumber = { type: 'integer', minimum: 0 } as const
const reference = { type: 'string', format: 'uri-reference' } as const

/** What an answer may bring along. Where one is always there it is `required`. */
export const answerHeaders = {
  'X-Request-Id': {
    description: 'The name of this call, as in the log: that of the caller, where he gave one.',
    required: true,
    schema: text,
  },
  Location: { description: 'What was made.', required: true, schema: reference },
  'Content-Location': { description: 'Where to ask again.', required: true, schema: reference },
  'Retry-After': { description: 'Seconds after which to try again.', schema: wholeNumber },
  'Preference-Applied': { description: 'What was heeded of `Prefer`.', schema: text },
  'Content-Disposition': { description: 'A file name for the body.', schema: text },
  'Server-Timing': {
    description: 'How long the request waited and was worked on, in milliseconds.',
    schema: text,
  },
  'Set-Cookie': { description: 'The cookies of the session.', required: true, schema: text },
  ETag: { description: 'The version of the body.', required: true, schema: text },
  Allow: { description: 'The methods that the resource has.', schema: text },
  'WWW-Authenticate': { description: 'Ways to say who is calling.', schema: text },
  RateLimit: {
    description:
      'What may still be written, where that is limited (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
  },
  'RateLimit-Policy': { description: 'The limit that it is of.', schema: text },
  'Fastly-RateLimit-Remaining': {
    description: 'How much the caller may still change.',
    required: true,
    schema: wholeNumber,
  },
  'Fastly-RateLimit-Reset': {
    description: 'When the count begins again; seconds since the epoch.',
    required: true,
    schema: wholeNumber,
  },
} as const

export type AnswerHeader = keyof typeof answerHeaders
