/** A gzipped tar of the CSRs of a batch; at its end `index.csv`, with a line for each row. */
import { pipeline } from 'node:stream/promises'
import { createGzip, deflateRawSync, inflateRawSync } from 'node:zlib'
import { FileNames, type ResultLine } from '@csr-foundry/native-api'
import { type Pack, pack } from 'tar-stream'
import { csvLine } from './csv-line.ts'

type Pages = AsyncIterable<readonly ResultLine[]>

const columns = ['path', 'row', 'ref', 'state', 'key_algorithm', 'key_id', 'file', 'problem_code']
/** Base64 hardly gets shorter with more work. */
const level = 1

export async function* resultsTar(pages: Pages): AsyncGenerator<Uint8Array, void> {
  const gzip = createGzip({ level })
  // What goes wrong in it destroys the stream that is read below, and comes out there.
  pipeline(() => tarOf(pages), gzip).catch(() => {})
  for await (const chunk of gzip as AsyncIterable<Buffer>) yield chunk
}

async function* tarOf(pages: Pages): AsyncGenerator<Uint8Array, void> {
  const tar = pack()
  writeFiles(tar, pages).catch((error: unknown) => tar.destroy(error as Error))
  try {
    for await (const chunk of tar as AsyncIterable<Buffer>) yield chunk
  } finally {
    // Whoever reads it may have left.
    tar.destroy(new Error('not read to its end'))
  }
}

async function writeFiles(tar: Pack, pages: Pages): Promise<void> {
  const names = new FileNames()
  const index = new HeldText()
  index.add(csvLine(columns))
  for await (const lines of pages) {
    const rows: string[] = []
    for (const { path, row, ref, state, key, csr, problem } of lines) {
      const name = names.nameOf({ path, ref })
      const file = csr === undefined ? undefined : `${name}.csr.pem`
      if (file !== undefined) await writeFile(tar, file, csr ?? '')
      rows.push(csvLine([path, row, ref, state, key.algorithm, key.id, file, problem?.code]))
    }
    index.add(rows.join(''))
  }
  await writeIndex(tar, index)
  tar.finalize()
}

/** Resolves when there is room for the next. */
async function writeFile(tar: Pack, name: string, content: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  tar.entry({ name }, content, (error) => (error ? reject(error) : resolve()))
  await promise
}

async function writeIndex(tar: Pack, index: HeldText): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const entry = tar.entry({ name: 'index.csv', size: index.size }, (error) =>
    error ? reject(error) : resolve(),
  )
  for (const part of index.parts()) {
    if (entry.write(part)) continue
    // It is also over where nobody reads any more.
    const room = Promise.withResolvers<void>()
    entry.once('drain', room.resolve).once('close', room.resolve)
    await room.promise
  }
  entry.end(null)
  await promise
}

/** A text that is needed again later, when its length is known: a tenth of its size is held. */
class HeldText {
  readonly #parts: Buffer[] = []
  size = 0

  add(text: string): void {
    const bytes = Buffer.from(text)
    this.size += bytes.length
    this.#parts.push(deflateRawSync(bytes, { level }))
  }

  *parts(): Generator<Buffer, void> {
    for (const part of this.#parts) yield inflateRawSync(part)
  }
}
