import { type ErrorCode, ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import type { Env } from '../../services.ts'

/** To Fastly's clients an id is any text; one that is not of our form names nothing. */
export const isOurId = (id: string): boolean => /^[1-9]\d{0,14}$/.test(id)

/** The id in the path of a call. @throws {ServiceError} with `code`, where it can name nothing */
export function idOf(c: Context<Env>, code: ErrorCode): string {
  const id = c.req.param('id') ?? ''
  if (!isOurId(id)) throw new ServiceError(code)
  return id
}
