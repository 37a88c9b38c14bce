import { randomUUID } from 'node:crypto'
import { type BatchFormat, type Client, isSettled, type NewBatch } from '@csr-foundry/client'
import type { BatchView } from '@csr-foundry/native-api'
import { exitCodes } from '../exit-codes.ts'
import { failureOf } from '../failure.ts'
import { readRecipient } from '../key/read-recipient.ts'
import { say } from '../output.ts'
import { bytesText, countText } from './amounts.ts'
import { type BatchFile, openBatchFile } from './batch-file.ts'
import { finishBatch } from './finish-batch.ts'
import { Interruption } from './interruption.ts'
import { OutFolder } from './out-folder.ts'
import type { OutOptions } from './out-options.ts'
import { openProgress } from './progress.ts'
import { refusedRows } from './refused-rows.ts'
import { submissionKey } from './submission-key.ts'

export type SubmitOptions = OutOptions & {
  readonly url?: string
  readonly format?: BatchFormat
  readonly mode: 'partial' | 'atomic'
  readonly keyAlgorithm?: NewBatch['defaultKey']
  readonly custody?: 'internal' | 'exportable'
  readonly idempotencyKey?: string
  readonly again?: true
  readonly json?: true
}

/** Hands a file in, unless that was done before, and sees it through to its files. */
export async function submitFile(client: Client, file: string, options: SubmitOptions) {
  const started = performance.now()
  const { out, keysTo, force, json } = options
  const recipient = keysTo === undefined ? undefined : await readRecipient(keysTo)
  const content = await openBatchFile(file, options.format)
  const folder = out === undefined ? undefined : new OutFolder(out, force === true)
  await folder?.prepare()

  const isRepeatable = isNamed(content, options) || options.idempotencyKey !== undefined
  using interruption = new Interruption({ isRepeatable })
  const { signal } = interruption
  try {
    const batch = await handIn(client, content, options, interruption)
    interruption.batch = batch.id
    const target = folder && { folder, recipient }
    await finishBatch(client, batch, { target, json, signal, started })
  } catch (error) {
    if (isRepeatable && failureOf(error).exitCode === exitCodes.later) tellHowToGoOn(interruption)
    throw refusedRows(error, folder)
  }
}

/** What is read once gives no name to know it by. */
const isNamed = ({ sha256 }: BatchFile, { again }: SubmitOptions) => sha256 !== undefined && !again

function tellHowToGoOn({ batch }: Interruption): void {
  const state = batch === undefined ? '' : `The service goes on with batch ${batch}. `
  say(`${state}The same command goes on where this one ended.`)
}

async function handIn(
  client: Client,
  file: BatchFile,
  options: SubmitOptions,
  { signal }: Interruption,
): Promise<BatchView> {
  const batch = newBatchOf(file, options)
  const { size } = file
  const mayBeThere = isNamed(file, options) || options.idempotencyKey !== undefined
  const found = mayBeThere
    ? await client.batches.findByKey(batch.idempotencyKey, { signal })
    : undefined
  if (found !== undefined && tellFound(found)) return found
  using progress = await openProgress()
  const started = performance.now()
  const show = (done: number) => {
    const rate = done > 0 ? done / ((performance.now() - started) / 1_000) : undefined
    const secondsLeft = size && rate ? (size - done) / rate : undefined
    progress.show({ title: 'taken in', done, total: size, text: bytesText, rate, secondsLeft })
  }
  const onProgress = ({ bytes }: { bytes: number }) => show(bytes)
  const submitted = await client.batches.submit(file.body, { ...batch, onProgress, signal })
  return submitted.batch
}

function newBatchOf(file: BatchFile, options: SubmitOptions) {
  const { format, gzip, sha256 } = file
  const { mode, keyAlgorithm, keysTo, url } = options
  // Keys that are wanted have to be such as may leave.
  const custody = options.custody ?? (keysTo === undefined ? undefined : 'exportable')
  const own = isNamed(file, options)
    ? submissionKey(url, { sha256, format, mode, keyAlgorithm, custody })
    : randomUUID()
  return {
    format,
    gzip,
    mode,
    idempotencyKey: options.idempotencyKey ?? own,
    ...(keyAlgorithm && { defaultKey: keyAlgorithm }),
    ...(custody && { custody }),
  }
}

/** Whether nothing is left to be sent of it. */
function tellFound(batch: BatchView): boolean {
  const { id, state, counts } = batch
  if (state === 'taking' || state === 'broken') {
    say(`Going on with batch ${id}, which has ${countText(counts.rows)} rows of it.`)
    return false
  }
  const went = isSettled(batch) ? 'was handed in before' : 'is handed in already'
  say(`The same ${went}, as batch ${id}. --again makes a new batch of it.`)
  return true
}
