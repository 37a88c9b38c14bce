import {
  type AuditEntryView,
  type AuditReport,
  type AuditSeal,
  auditListView,
  auditReport,
  auditSeal,
} from '@csr-foundry/native-api'
import type { CallOptions } from './call.ts'
import type { Transport } from './transport.ts'
import { walkPages } from './walk-pages.ts'

/** `after`: only entries after this one. `limit`: how many a page holds, 100 unless told. */
export type AuditOptions = CallOptions & { readonly after?: string; readonly limit?: number }

/** A large audit takes a worker its time. */
const verifyWithin = 60

/** Who did what in the tenant. Each reading is an entry itself. */
export class Audit {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Newest first. */
  list({ after, limit, ...options }: AuditOptions = {}): AsyncGenerator<AuditEntryView, void> {
    return walkPages(
      (before) => {
        const query = { before, after, limit }
        const call = { method: 'GET', path: '/v1/audit', query, ...options } as const
        return this.#transport.json(call, auditListView)
      },
      ({ entries }) => entries,
    )
  }

  /** The newest seal, to be kept where nobody of the service can change it. @throws ClientError seal_not_found */
  seal(options: CallOptions = {}): Promise<AuditSeal> {
    return this.#transport.json({ method: 'GET', path: '/v1/audit/seal', ...options }, auditSeal)
  }

  /** Has a worker go through the whole audit, and hold it against a seal that was kept. */
  verify(seal?: object, options: CallOptions = {}): Promise<AuditReport> {
    const body = seal === undefined ? {} : { seal }
    return this.#transport.json(
      { method: 'POST', path: '/v1/audit/verify', body, wait: verifyWithin, ...options },
      auditReport,
    )
  }
}
