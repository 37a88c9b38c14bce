/**
 * How JSON:API documents come in and go out.
 *
 * Rules: all faults of a body are told in one answer. Every answer with a body has the media type exactly.
 */
import { specFaults } from '@csr-foundry/csr'
import { type Fault, faultCodes, ServiceError } from '@csr-foundry/service'
import { zValidator } from '@hono/zod-validator'
import type { Context } from 'hono'
import { z } from 'zod'
import { asStep, jsonOf, requireJsonOf } from '../../json-input.ts'
import type { BodyInput, Content } from '../../operation.ts'
import type { Env } from '../../services.ts'
import { mediaType } from './errors.ts'

/** One official client says application/json. */
const requireDocument = requireJsonOf(mediaType, 'application/json')

/** Parses the document by a schema. */
const document = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('json', schema, (result) => {
    if (!result.success) throw invalid(result.error)
  })

/** A document that a schema parses; examples by what they show. */
export const documentOf = <Schema extends z.ZodType>(
  schema: Schema,
  examples: Content['examples'],
): BodyInput<z.output<Schema>> => ({
  contents: [jsonApiOf(schema, examples), jsonOf(schema, examples)],
  steps: [requireDocument, asStep(document(schema))],
})

/** A document as the OpenAPI document tells of it. */
export const jsonApiOf = (schema: z.ZodType, examples: Content['examples']): Content => ({
  mediaType,
  schema,
  examples,
})

/** An answer is not to be many times its question. */
const mostFaultsTold = 100

function invalid({ issues }: z.core.$ZodError): ServiceError {
  const faults = issues.slice(0, mostFaultsTold).flatMap(faultsOf)
  const more = issues.length - mostFaultsTold
  if (more > 0) faults.push({ pointer: '', detail: `has ${more} more faults` })
  return new ServiceError('attribute_invalid', { faults })
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const params = issue.code === 'custom' ? issue.params : undefined
  const own = faultCodes.find((code) => code === params?.fault)
  return specFaults(new z.core.$ZodError([issue])).map(({ pointer, detail, code = own }) => ({
    pointer,
    detail: code === 'attribute_unknown' ? 'is not known here; leave it out' : detail,
    ...(code !== undefined && { code }),
  }))
}

/** An object that has these members and no others. */
export const members = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code, input }) => {
      if (code !== 'invalid_type') return undefined
      return input === undefined ? 'is missing; it must be an object' : 'must be an object'
    },
  })

/** For a rule across the members of an object: zod would leave it out where one of them has a fault. */
export const evenIfFaulty = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
}

/** The type of a resource object: absent, null and empty are taken, since official clients send them. */
export const resourceType = (name: string) =>
  z.enum([name, ''], `is not valid; allowed is ${name}`).nullish()

export const answer = (c: Context<Env>, body: object, status: 200 | 201 | 202 = 200) =>
  c.body(JSON.stringify(body), status, { 'Content-Type': mediaType })
