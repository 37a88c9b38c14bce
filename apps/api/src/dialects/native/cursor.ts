import { ServiceError } from '@csr-foundry/service'
import type { z } from 'zod'

/** Where a list goes on, as text that means nothing to a caller. */
export const cursorOf = (place: unknown): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws {ServiceError} `parameter_invalid` for what no answer gave */
export function fromCursor<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  const place = schema.safeParse(decoded(cursor))
  if (place.success) return place.data
  const detail = 'is not a cursor; use the one of the answer before, as it is'
  throw new ServiceError('parameter_invalid', { faults: [{ pointer: '/cursor', detail }] })
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
