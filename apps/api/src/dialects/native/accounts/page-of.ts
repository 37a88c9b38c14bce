import { z } from 'zod'
import { cursorOf, fromCursor } from '../cursor.ts'

/** Where a list of names goes on. */
export function pageOf({
  cursor,
  limit,
}: {
  readonly cursor?: string | undefined
  readonly limit: number
}) {
  return { after: cursor === undefined ? undefined : fromCursor(cursor, z.string()), limit }
}

export const nextOf = (next: string | undefined) =>
  next === undefined ? {} : { next: cursorOf(next) }
