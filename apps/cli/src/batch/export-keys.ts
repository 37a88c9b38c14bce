import type { Client } from '@csr-foundry/client'
import type { ExportLine } from '@csr-foundry/native-api'
import { say } from '../output.ts'
import { countText } from './amounts.ts'
import type { OutFolder } from './out-folder.ts'
import type { Progress } from './progress.ts'
import type { Names, Target } from './take-results.ts'

/** How many keys that are none are told one by one. */
const toldOneByOne = 20

type Means = Target & {
  readonly names: Names
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Writes the key beside each CSR; tells of those that it did not get. Gives how many it wrote. */
export async function exportKeys(client: Client, id: string, means: Means): Promise<number> {
  const { recipient = {}, names, progress, signal } = means
  let [written, missed] = [0, 0]
  for await (const line of client.batches.exportKeys(id, recipient, { signal })) {
    const name = names.get(line.path)
    if (name === undefined) continue
    if (writeKey(means.folder, name, line)) written += 1
    else missed += 1
    if (line.jwe === undefined && missed <= toldOneByOne) tellMissed(name, line)
    progress.show({ title: 'keys', done: written + missed, total: names.size, text: countText })
  }
  const more = missed - toldOneByOne
  if (more > 0) say(`There are no keys of ${countText(more)} more.`)
  return written
}

function writeKey(folder: OutFolder, name: string, { jwe }: ExportLine): boolean {
  if (jwe === undefined) return false
  folder.writeKey(name, jwe)
  return true
}

const tellMissed = (name: string, { problem }: ExportLine) =>
  say(`${name}: ${problem?.detail ?? 'There is no key.'}`)
