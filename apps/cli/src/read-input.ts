import { createReadStream } from 'node:fs'
import { Fault } from './fault.ts'

/** What is read, in a word or two, and how much of it at most. Nothing at all is a fault, unless its reader says more of it. */
export type Input = {
  readonly maxBytes: number
  readonly what: string
  readonly mayBeEmpty?: true
}

/** A CSR with a thousand names has about 30 KiB. */
const csr: Input = { maxBytes: 1024 * 1024, what: 'CSR' }

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws Fault file_too_large, without reading on, or file_empty; and what the file system throws
 */
export async function readInput(file: string, input = csr): Promise<Buffer> {
  const { maxBytes, what, mayBeEmpty } = input
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes, what)
    chunks.push(chunk)
  }
  if (size === 0 && !mayBeEmpty) throw new Fault('file_empty')
  return Buffer.concat(chunks)
}

function tooLarge(maxBytes: number, what: string): Fault {
  const most = maxBytes < 1024 * 1024 ? `${maxBytes / 1024} KiB` : `${maxBytes / 1024 / 1024} MiB`
  return new Fault('file_too_large', { message: `It has more than ${most}, as no ${what} has.` })
}
