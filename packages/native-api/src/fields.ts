import { z } from 'zod'

/** The id of a request or a key: a decimal string from 1 on. */
export const idSchema = z
  .string('must be a string')
  .regex(/^[1-9]\d{0,14}$/, 'must be an id: a whole number from 1 on, without leading zeros')
  .meta({ examples: ['1'] })

/** A moment, as RFC 3339 in UTC with milliseconds. */
export const moment = z.iso.datetime()

/** When a request was handed in, taken by a worker, and settled. */
export const times = z.object({
  created: moment,
  started: moment.optional(),
  finished: moment.optional(),
})

/** The schema of a text, described in JSON Schema as what it stands for: a query has nothing but texts. */
export function writtenAs(schema: z.ZodString, json: object): z.ZodString {
  schema._zod.processJSONSchema = (_, written) => Object.assign(written, json)
  return schema
}

/** How many of a list one answer holds. */
export const limitOf = (most: number, usual: number) => {
  const message = `must be a whole number from 1 to ${most}`
  const text = z.string('must be given once').regex(/^\d{1,6}$/, message)
  return writtenAs(text, { type: 'integer', minimum: 1, maximum: most, default: usual })
    .transform(Number)
    .pipe(z.number().min(1, message).max(most, message))
    .default(usual)
}

/** Where a list goes on: what `next` of the answer before it said. */
export const cursor = z
  .string('must be given once')
  .regex(/^[\w-]{1,128}$/, 'is not a cursor; use the one of the answer before, as it is')
