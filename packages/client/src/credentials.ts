import { ClientError } from './client-error.ts'

/** A token, a user's name and password, or nothing (only health can be asked then). */
export type Credentials =
  | { readonly token: string; readonly username?: never; readonly password?: never }
  | { readonly username: string; readonly password: string; readonly token?: never }
  | { readonly token?: never; readonly username?: never; readonly password?: never }

/**
 * The header that says who calls.
 *
 * @throws ClientError options_invalid. What is wrong is found here, since fetch quotes a header that it cannot send
 */
export function authorizationOf({ token, username, password }: Credentials): string | undefined {
  if (token !== undefined) {
    if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`
    throw new ClientError('options_invalid', 'The token is empty, or has a space or line break.')
  }
  if (username === undefined || password === undefined) return undefined
  // RFC 7617: the first colon ends the name.
  if (username === '' || username.includes(':')) {
    throw new ClientError('options_invalid', 'The user name is empty or has a colon.')
  }
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
