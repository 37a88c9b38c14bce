import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A line of index.csv. */
export type IndexRow = {
  readonly path: string
  readonly ref: string
  readonly state: string
  readonly file: string
  readonly keyId: string
}

/** What csrctl has listed in a folder. */
export async function readIndexFile(folder: string): Promise<IndexRow[]> {
  const [head, ...lines] = (await readFile(join(folder, 'index.csv'), 'utf8')).split('\r\n')
  if (head !== 'path,ref,state,file,key_id,problem' || lines.pop() !== '') {
    throw new Error(`index.csv in ${folder} has another head or no end.`)
  }
  // No ref of a fleet here needs quotes.
  return lines.map((line) => {
    const [path = '', ref = '', state = '', file = '', keyId = ''] = line.split(',')
    return { path, ref, state, file, keyId }
  })
}
