import type { RequestRecord } from '@csr-foundry/records'

/** How long a request was queued and worked on, as a value of the header Server-Timing. */
export function serverTiming({ times }: RequestRecord): string {
  const { created, started = created, finished = started } = times
  return `queue;dur=${started - created}, work;dur=${finished - started}`
}
