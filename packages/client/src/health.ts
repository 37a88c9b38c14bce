import { z } from 'zod'
import type { CallOptions } from './call.ts'
import type { Transport } from './transport.ts'

const readinessView = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), z.boolean()),
  workers: z.number(),
  reason: z.string().optional(),
})

/** Whether the service can take work, how many worker processes take it up, and what to do where it cannot. */
export type Readiness = z.output<typeof readinessView>

/** How the service is; needs no credentials. */
export class Health {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Tells at once: what is not ready is an answer. Throws where the service cannot be reached. */
  ready(options: CallOptions = {}): Promise<Readiness> {
    return this.#transport.json(
      { method: 'GET', path: '/readyz', alsoFine: 503, once: true, ...options },
      readinessView,
    )
  }
}
