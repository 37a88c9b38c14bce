import type { Client } from '@csr-foundry/client'
import type { ResultLine } from '@csr-foundry/native-api'
import { exitCodes } from '../exit-codes.ts'
import { readRecipient } from '../key/read-recipient.ts'
import { visible, visibleJson } from '../visible.ts'
import { finishBatch } from './finish-batch.ts'
import { Interruption } from './interruption.ts'
import { OutFolder } from './out-folder.ts'
import type { OutOptions } from './out-options.ts'
import { printBatch } from './print-batch.ts'
import { openProgress } from './progress.ts'
import { isAllMade } from './take-results.ts'
import { watchBatch } from './watch-batch.ts'

export type ShowOptions = OutOptions & {
  readonly watch?: true
  readonly results?: true
  readonly json?: true
}

export async function showBatch(client: Client, id: string, options: ShowOptions): Promise<void> {
  using interruption = new Interruption({ isRepeatable: true })
  interruption.batch = id
  const { signal } = interruption
  if (options.out !== undefined) return await writeFiles(client, id, options, signal)
  if (options.results) return await printResults(client, id, options, signal)
  if (options.watch) {
    using progress = await openProgress()
    await watchBatch(client, id, progress, signal)
  }
  const batch = await client.batches.get(id, { signal })
  printBatch(batch, options.json)
  if (options.watch && !isAllMade(batch)) process.exitCode = exitCodes.no
}

async function writeFiles(
  client: Client,
  id: string,
  { out = '', keysTo, force, json }: ShowOptions,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const recipient = keysTo === undefined ? undefined : await readRecipient(keysTo)
  const folder = new OutFolder(out, force === true)
  await folder.prepare()
  const batch = await client.batches.get(id, { signal })
  await finishBatch(client, batch, { target: { folder, recipient }, json, signal, started })
}

async function printResults(
  client: Client,
  id: string,
  { watch, json }: ShowOptions,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal }
  const lines = watch ? client.batches.follow(id, options) : client.batches.results(id, options)
  for await (const line of lines) {
    const text = `${json ? visibleJson(line, 0) : lineOf(line)}\n`
    // A reader who is slow holds up the service, not this process's memory.
    if (process.stdout.write(text)) continue
    await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
}

const lineOf = ({ path, state, ref, key, problem }: ResultLine) =>
  [path, state, ref ?? '-', key.id ?? '-', problem?.detail ?? '-'].map(visible).join('  ')
