import type { Context } from 'hono'
import type { Env, Services } from '../services.ts'
import { confirmCaller } from './confirm-caller.ts'

/**
 * The stored form of a password that the caller gives somebody. Making it waits for its turn, so the caller is looked at once
 * more before it is used.
 *
 * @throws {ServiceError} `login_throttled` while too many are being made; `credentials_invalid`, `role_missing`
 */
export async function hashNewPassword(
  { authenticator }: Services,
  c: Context<Env>,
  password: string,
): Promise<string> {
  const stored = await authenticator.hashPassword(password, c.get('place').tenant)
  await confirmCaller(c)
  return stored
}
