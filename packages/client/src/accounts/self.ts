import { type passwordChange, type SelfView, selfView } from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'

export type PasswordChange = z.input<typeof passwordChange>

/** The caller's own account. */
export class Self {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get(options: CallOptions = {}): Promise<SelfView> {
    return this.#transport.json({ method: 'GET', path: '/v1/accounts/self', ...options }, selfView)
  }

  /**
   * Ends the user's sessions; a client that was made with the old password is of no use afterwards. It is tried once: a
   * second try would come with a password that the first may have changed.
   */
  async changePassword(change: PasswordChange, options: CallOptions = {}): Promise<void> {
    const path = '/v1/accounts/self/password'
    await this.#transport.send({ method: 'PUT', path, body: change, once: true, ...options })
  }
}
