/**
 * How input gets in: the bytes are checked to be JSON here, and the schema of the endpoint parses them through zValidator.
 *
 * Rules: all faults of an input are reported in one answer, each with its place and with what is allowed. Of what was
 * sent a message repeats names and single labels at most, never a body: it may hold a password.
 */
import { specFaults } from '@csr-foundry/csr'
import { type Fault, ServiceError } from '@csr-foundry/service'
import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import { confirmCaller } from './authentication/confirm-caller.ts'
import { checkJson } from './json-text.ts'
import type { BodyInput, Content } from './operation.ts'
import type { Env } from './services.ts'

/**
 * Refuses a body that is compressed, is not declared as JSON of one of these media types, or is none; and a caller who has lost
 * what let him in while it was read.
 */
export const requireJsonOf = (...mediaTypes: readonly string[]) =>
  createMiddleware<Env>(async (c, next) => {
    refuseEncoded(c.req.header('content-encoding'))
    refuseOtherTypes(c.req.header('content-type') ?? '', mediaTypes)
    const bytes = await c.req.arrayBuffer().catch((cause: unknown) => {
      if (cause instanceof HTTPException || cause instanceof ServiceError) throw cause
      throw new ServiceError('body_malformed', { detail: 'The body did not arrive whole.', cause })
    })
    await confirmCaller(c)
    checkJson(bytes)
    await next()
  })

/** Refuses a body that is compressed, is not declared as JSON, is not UTF-8, or does not parse. */
export const requireJson = requireJsonOf('application/json')

function refuseEncoded(encoding: string | undefined): void {
  if (encoding === undefined || /^(identity)?$/i.test(encoding.trim())) return
  const detail = 'The header Content-Encoding names an encoding; send the body as it is.'
  throw new ServiceError('content_encoding_unsupported', { detail })
}

function refuseOtherTypes(contentType: string, allowed: readonly string[]): void {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const inUtf8 = parameters.every((one) => /^charset\s*=\s*("utf-8"|utf-8)$/.test(one))
  if (allowed.includes(type) && parameters.length <= 1 && inUtf8) return
  const found = contentType === '' ? 'is missing' : 'names another type'
  const detail = `The header Content-Type ${found}; allowed is ${allowed.join(' or ')} (in UTF-8).`
  throw new ServiceError('content_type_unsupported', { detail })
}

/** Parses the JSON body by a schema. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('json', schema, refuseFaulty('attribute_invalid'), {
    // None of the schemas waits for anything. Its types are of an older zod.
    validationFunction: (_, value) => schema.safeParse(value) as never,
  })

/** Parses the query by a schema; a parameter that the call does not have is a fault as well. */
export const query = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('query', schema, refuseFaulty('parameter_invalid'), {
    // None of the schemas waits for anything. Its types are of an older zod.
    validationFunction: (_, value) => schema.safeParse(value) as never,
  })

/** Parses the parameters of the path by a schema. */
export const pathParameters = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('param', schema, refuseFaulty('parameter_invalid'), {
    // None of the schemas waits for anything. Its types are of an older zod.
    validationFunction: (_, value) => schema.safeParse(value) as never,
  })

/** A JSON body that a schema parses; examples by what they show. */
export const jsonBodyOf = <Schema extends z.ZodType>(
  schema: Schema,
  examples: Content['examples'],
): BodyInput<z.output<Schema>> => ({
  contents: [jsonOf(schema, examples)],
  steps: [requireJson, asStep(jsonBody(schema))],
})

/** A JSON body that the endpoint parses itself, by this schema and what it knows beside. */
export const unparsedJsonOf = (
  schema: z.ZodType,
  examples: Content['examples'],
): BodyInput<undefined> => ({ contents: [jsonOf(schema, examples)], steps: [requireJson] })

/** JSON as the OpenAPI document tells of it. */
export const jsonOf = (schema: z.ZodType, examples: Content['examples']): Content => ({
  mediaType: 'application/json',
  schema,
  examples,
})

/** A validator as one of several steps; who puts them together says what they have parsed. */
export const asStep = (validator: unknown) => validator as MiddlewareHandler<Env>

type Code = 'attribute_invalid' | 'parameter_invalid'

const refuseFaulty =
  (code: Code) =>
  (result: { success: true } | { success: false; error: z.core.$ZodError }): void => {
    if (!result.success) throw invalid(code, result.error)
  }

function invalid(code: Code, error: z.core.$ZodError) {
  const faults = specFaults(error).map((fault): Fault => {
    if (fault.code === undefined) return fault
    const unknown = { pointer: fault.pointer, detail: 'is not known here; leave it out' }
    return code === 'attribute_invalid' ? { ...unknown, code: fault.code } : unknown
  })
  return new ServiceError(code, { faults })
}

/** The words for a value that should have been an object; faults inside it speak for themselves. */
export function objectError(issue: { code?: string; input?: unknown }): string | undefined {
  if (issue.code !== 'invalid_type') return undefined
  return issue.input === undefined ? 'is missing; it must be an object' : 'must be an object'
}
