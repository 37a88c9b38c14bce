/**
 * What an endpoint is: who may call it, what it takes, what it answers. One object says it, checks every call by it and is
 * written into the OpenAPI document, so that none of them can differ from the others.
 *
 *     new Hono<Env>().get(
 *       '/:id',
 *       operation('getKey', {
 *         summary: 'Tells of a key',
 *         role: 'read',
 *         params: z.object({ id: idSchema }),
 *         answers: { 200: { description: 'The key.', body: jsonOf(keyView, exampleKey) } },
 *         errors: ['key_not_found'],
 *       }),
 *       async (c) => …c.req.valid('param').id…
 *     )
 *
 * Rules: it stands right before the handler, after what it needs (`protect`). The role is looked at first, then path, query
 * and body, each for all its faults. A query parameter that is not named is refused. `errors` has what the endpoint itself
 * throws; what its guards and its input can say is known from the rest. Its name is that of its file; the document puts the
 * dialect's before it, where that is not the native one.
 */
import type { Role } from '@csr-foundry/records'
import type { ErrorCode, Fault } from '@csr-foundry/service'
import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { requireRole } from './guards.ts'
import { inTurn } from './in-turn.ts'
import { asStep, pathParameters, query } from './json-input.ts'
import type { AnswerHeader, RequestHeader } from './openapi/headers.ts'
import type { Env } from './services.ts'

export type OperationFacts = {
  /** A few words, as a title. */
  readonly summary: string
  /** What a caller needs to know beside, as Markdown. */
  readonly description?: string
  /** What its caller needs; left out: only to be known. */
  readonly role?: Role
  /** Whether anybody may call it. */
  readonly open?: boolean
  /** Headers that it heeds, beside those of all calls. */
  readonly headers?: readonly RequestHeader[]
  readonly answers: Readonly<Record<number, Answer>>
  readonly errors?: readonly ErrorCode[]
  /** The kinds of single faults that it tells apart. */
  readonly faults?: readonly NonNullable<Fault['code']>[]
}

/** What it takes. A path without `params` is taken as it is; `query` left out: no parameter; `'any'`: not looked at. */
export type OperationInput<Params, Query, Body> = {
  readonly params?: Params
  readonly query?: Query
  readonly body?: BodyInput<Body>
}

export type Answer = {
  readonly description: string
  readonly headers?: readonly AnswerHeader[]
  /** In several forms, as the caller asks for it; left out: it has none. */
  readonly body?: Content | readonly Content[]
}

/** A body of one media type, with examples by what they show. */
export type Content = {
  readonly mediaType: string
  readonly schema: z.ZodType
  readonly examples: Readonly<Record<string, unknown>>
}

/** What stands before an endpoint that takes a body, and the schema by which that or the endpoint itself parses it. */
export type BodyInput<Parsed = unknown> = {
  readonly contents: readonly Content[]
  readonly steps: readonly MiddlewareHandler<Env>[]
  /** Parsed by the endpoint: what comes of it is no other's. */
  readonly parsed?: (body: Parsed) => void
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Validated<Params, Query, Body> = {
  out: { param: Parsed<Params>; query: Parsed<Query>; json: Body }
}

const operations = new WeakMap<object, DocumentedOperation>()

export type DocumentedOperation = OperationFacts & { readonly name: string } & OperationInput<
    z.ZodType,
    z.ZodType | 'any',
    unknown
  >

const nothing = z.strictObject({})

/** The one middleware of an endpoint; see the top of this file. */
export function operation<
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | 'any' | undefined = undefined,
  Body = undefined,
>(
  name: string,
  facts: OperationFacts & OperationInput<Params, Query, Body>,
): MiddlewareHandler<Env, string, Validated<Params, Query, Body>> {
  const { role, params, query: asked = nothing, body } = facts
  const steps = inTurn([
    ...(role ? [requireRole(role)] : []),
    ...(params ? [asStep(pathParameters(params))] : []),
    ...(asked === 'any' ? [] : [asStep(query(asked))]),
    ...(body?.steps ?? []),
  ])
  operations.set(steps, { name, ...facts } as DocumentedOperation)
  return steps
}

/** What a handler of a route says of its endpoint; undefined where it is none of {@link operation}. */
export const operationOf = (handler: object): DocumentedOperation | undefined =>
  operations.get(handler)
