/** From the results of a batch to its files. */
import type { Client } from '@csr-foundry/client'
import type { BatchView, ResultLine } from '@csr-foundry/native-api'
import { exportKeys } from './export-keys.ts'
import type { OutFolder } from './out-folder.ts'
import { openProgress, type Progress } from './progress.ts'
import { watchBatch } from './watch-batch.ts'

/** Who the keys are encrypted for: a public JWK. */
export type Recipient = Readonly<Record<string, unknown>>

export type Target = { readonly folder: OutFolder; readonly recipient?: Recipient | undefined }

/** What was written; `--json` prints it. */
export type Taken = { folder: string; csrs: number; keys?: number }

/**
 * Waits until a batch is settled, and meanwhile writes each CSR as its turn comes; then the keys, where somebody is to have them.
 *
 * @throws Failure; or the reason of the signal
 */
export async function takeResults(
  client: Client,
  id: string,
  target: Target | undefined,
  signal: AbortSignal,
): Promise<Taken | undefined> {
  using progress = await openProgress()
  if (target === undefined) {
    await watchBatch(client, id, progress, signal)
    return undefined
  }
  const { csrs, names } = await writeWatched(client, id, { target, progress, signal })
  const taken = { folder: target.folder.path, csrs }
  if (names === undefined) return taken
  const keys = await exportKeys(client, id, { ...target, names, progress, signal })
  return { ...taken, keys }
}

type Watched = {
  readonly target: Target
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** The rows come in their order, which says little of how far the batch is: its events do. */
async function writeWatched(client: Client, id: string, { target, progress, signal }: Watched) {
  const written = new AbortController()
  const either = AbortSignal.any([signal, written.signal])
  // What keeps the events from coming keeps the rows too, and is told there.
  const watching = watchBatch(client, id, progress, either).catch(() => {})
  try {
    return await writeResults(client.batches.follow(id, { signal }), target)
  } finally {
    written.abort()
    await watching
  }
}

type Written = { readonly csrs: number; readonly names: Names | undefined }

/** Of files, by path; only where keys are to have them too. */
export type Names = ReadonlyMap<string, string>

export async function writeResults(
  lines: AsyncIterable<ResultLine>,
  { folder, recipient }: Target,
): Promise<Written> {
  const names = new Map<string, string>()
  using index = folder.index()
  for await (const line of lines) {
    const name = index.add(line)
    if (recipient !== undefined && line.csr !== undefined) names.set(line.path, name)
  }
  index.finish()
  return { csrs: index.csrs, names: recipient && names }
}

/** A batch that was cancelled when all of it was made has lost nothing; one that is broken lacks rows. */
export const isAllMade = ({ state, counts }: BatchView): boolean =>
  (state === 'done' || state === 'cancelled') && counts.rows > 0 && counts.ready === counts.rows
