import { type BatchView, batchView } from '@csr-foundry/native-api'
import type { CallOptions } from '../call.ts'
import { ClientError, jsonOf } from '../client-error.ts'
import { eventsOf } from '../streams/server-sent-events.ts'
import type { Transport } from '../transport.ts'
import { pathOf } from './find-by-key.ts'

const batchSummary = batchView.omit({ rejected: true })

/** A batch without its rejected rows. */
export type BatchSummary = Omit<BatchView, 'rejected'>

/** Whether nothing more will be made of a batch, unless somebody retries it or sends the rest. */
export const isSettled = ({ state, counts }: Pick<BatchView, 'state' | 'counts'>): boolean =>
  state === 'done' || ((state === 'cancelled' || state === 'broken') && counts.queued === 0)

/** A batch as it moves, by server-sent events, until it is settled. */
export async function* watch(
  transport: Transport,
  id: string,
  { signal }: Pick<CallOptions, 'signal'>,
): AsyncGenerator<BatchSummary, void> {
  const patience = transport.patience(signal)
  for (;;) {
    try {
      for await (const batch of viewsOf(transport, id, signal)) {
        patience.reset()
        yield batch
        if (isSettled(batch)) return
      }
      // A proxy may end what takes long; to go on is all that is to be done.
      throw new ClientError('unreachable', 'The events ended early.', { again: 'always' })
    } catch (error) {
      await patience.after(error)
    }
  }
}

async function* viewsOf(transport: Transport, id: string, signal: AbortSignal | undefined) {
  const call = { method: 'GET', path: `${pathOf(id)}/events`, accept: 'text/event-stream' } as const
  const { chunks } = await transport.open({ ...call, ...(signal && { signal }) })
  for await (const { data } of eventsOf(chunks)) {
    // What a later service tells besides is not for this client.
    const { success, data: batch } = batchSummary.safeParse(jsonOf(Buffer.from(data)))
    if (success) yield batch
  }
}
