import {
  type newUserBody,
  type UserView,
  type userChange,
  userListView,
  userView,
} from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'
import { walkPages } from '../walk-pages.ts'

export type NewUser = z.input<typeof newUserBody>
export type UserChange = z.input<typeof userChange>

/** The tenant's users; needs the role admin. */
export class Users {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  list(options: CallOptions = {}): AsyncGenerator<UserView, void> {
    return walkPages(
      (cursor) => {
        const call = { method: 'GET', path: '/v1/accounts/users', query: { cursor } } as const
        return this.#transport.json({ ...call, ...options }, userListView)
      },
      ({ users }) => users,
    )
  }

  get(name: string, options: CallOptions = {}): Promise<UserView> {
    return this.#transport.json({ method: 'GET', path: pathOf(name), ...options }, userView)
  }

  /** @throws ClientError name_taken, role_missing, attribute_invalid */
  create(user: NewUser, options: CallOptions = {}): Promise<UserView> {
    const call = { method: 'POST', path: '/v1/accounts/users', body: user } as const
    return this.#transport.json({ ...call, ...options }, userView)
  }

  /** Changes what is named. A new password ends the user's sessions. */
  change(name: string, change: UserChange, options: CallOptions = {}): Promise<UserView> {
    const call = { method: 'PATCH', path: pathOf(name), body: change } as const
    return this.#transport.json({ ...call, ...options }, userView)
  }

  /** @throws ClientError last_administrator, role_missing */
  async delete(name: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(name), ...options })
  }
}

const pathOf = (name: string) => `/v1/accounts/users/${encodeURIComponent(name)}`
