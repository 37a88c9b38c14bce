import { type BatchView, batchListView, batchView } from '@csr-foundry/native-api'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'

/** The batch that a submission with this key has made; undefined where there is none. */
export async function findByKey(
  transport: Transport,
  idempotencyKey: string,
  options: CallOptions = {},
): Promise<BatchView | undefined> {
  const call = {
    method: 'GET',
    path: '/v1/batches',
    query: { idempotencyKey },
    ...options,
  } as const
  const { batches } = await transport.json(call, batchListView)
  const [found] = batches
  return found && getBatch(transport, found.id, options)
}

export function getBatch(
  transport: Transport,
  id: string,
  options: CallOptions = {},
): Promise<BatchView> {
  return transport.json({ method: 'GET', path: pathOf(id), ...options }, batchView)
}

export const pathOf = (id: string) => `/v1/batches/${encodeURIComponent(id)}`
