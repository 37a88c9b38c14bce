import type { BatchSummary, Client } from '@csr-foundry/client'
import { countText } from './amounts.ts'
import type { Progress } from './progress.ts'

/** Shows how a batch moves, until nothing more will be made of it. */
export async function watchBatch(
  client: Client,
  id: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of client.batches.events(id, { signal })) showBatch(progress, batch)
}

function showBatch(progress: Progress, { counts, rate, secondsLeft }: BatchSummary): void {
  const { accepted, queued } = counts
  progress.show({
    title: 'made',
    done: accepted - queued,
    total: accepted,
    text: countText,
    rate,
    secondsLeft,
  })
}
