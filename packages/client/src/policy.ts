import { type PolicyView, policyView } from '@csr-foundry/native-api'
import type { CallOptions } from './call.ts'
import type { Transport } from './transport.ts'

/** What stands where a call of the tenant says nothing. */
export class Policy {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get(options: CallOptions = {}): Promise<PolicyView> {
    return this.#transport.json({ method: 'GET', path: '/v1/policy', ...options }, policyView)
  }

  /** Takes the whole policy. */
  set(policy: PolicyView, options: CallOptions = {}): Promise<PolicyView> {
    const call = { method: 'PUT', path: '/v1/policy', body: policy, ...options } as const
    return this.#transport.json(call, policyView)
  }
}
