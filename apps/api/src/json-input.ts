/**
 * How input gets in: the bytes are checked to be JSON here, and the schema of the endpoint parses them through zValidator.
 *
 * Rules: all faults of an input are reported in one answer, each with its place and with what is allowed. Of what was
 * sent a message repeats names and single labels at most, never a body: it may hold a password.
 */
import { type Fault, ServiceError } from '@csr-foundry/service'
import { zValidator } from '@hono/zod-validator'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import type { Env } from './services.ts'

/** Refuses a body that is not declared as JSON, is not UTF-8, or does not parse. */
export const requireJson = createMiddleware<Env>(async (c, next) => {
  const contentType = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType)) {
    const found = contentType === '' ? 'is missing' : 'names another type'
    throw new ServiceError('content_type_unsupported', {
      detail: `The header Content-Type ${found}; allowed is application/json (in UTF-8).`,
    })
  }
  const bytes = await c.req.arrayBuffer().catch((cause: unknown) => {
    if (cause instanceof HTTPException || cause instanceof ServiceError) throw cause
    throw new ServiceError('body_malformed', { detail: 'The body did not arrive whole.', cause })
  })
  parseJson(bytes)
  await next()
})

function parseJson(bytes: ArrayBuffer): void {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ServiceError('body_malformed', { detail: 'The body is not valid UTF-8.', cause })
  }
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('body_malformed', { detail: whereJsonBreaks(text, cause), cause })
  }
}

function whereJsonBreaks(text: string, error: unknown): string {
  if (text.trim() === '')
    return 'The body is empty; send {} to have every attribute at its default.'
  const message = error instanceof Error ? error.message : ''
  if (message === 'Unexpected end of JSON input') return 'The body ends before its JSON does.'
  // At its end: what comes before may be a quotation of the input.
  const position = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1]
  if (position === undefined) return 'The body is not well-formed JSON.'
  const before = text.slice(0, Number(position)).split('\n')
  return `The JSON breaks at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`
}

/** Parses the JSON body by a schema. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('json', schema, (result) => {
    if (!result.success) throw invalid('attribute_invalid', result.error)
  })

/** Parses the query by a schema; a parameter that the call does not have is a fault as well. */
export const query = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('query', schema, (result) => {
    if (!result.success) throw invalid('parameter_invalid', result.error)
  })

/** Parses the parameters of the path by a schema. */
export const pathParameters = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('param', schema, (result) => {
    if (!result.success) throw invalid('parameter_invalid', result.error)
  })

/** An answer is not to be many times its question. */
const mostFaultsTold = 100
const longestNameTold = 80

function invalid(code: 'attribute_invalid' | 'parameter_invalid', error: z.core.$ZodError) {
  const faults = error.issues.flatMap(faultsOf)
  const told = faults.slice(0, mostFaultsTold)
  if (faults.length > told.length) {
    told.push({ pointer: '', detail: `has ${faults.length - told.length} more faults` })
  }
  return new ServiceError(code, { faults: told })
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: jsonPointer([...issue.path, shortened(key)]),
      detail: 'is not known here; leave it out',
    }))
  }
  return [{ pointer: jsonPointer(issue.path), detail: issue.message }]
}

const shortened = (name: string) =>
  name.length > longestNameTold ? `${name.slice(0, longestNameTold)}…` : name

/** RFC 6901. */
const jsonPointer = (path: readonly PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The words for a value that should have been an object; faults inside it speak for themselves. */
export function objectError(issue: { code?: string; input?: unknown }): string | undefined {
  if (issue.code !== 'invalid_type') return undefined
  return issue.input === undefined ? 'is missing; it must be an object' : 'must be an object'
}
