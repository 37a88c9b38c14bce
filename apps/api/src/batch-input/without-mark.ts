import { BatchInputError } from './batch-input-error.ts'
import type { Body } from './read-rows.ts'

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf])
const utf16Marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

/** The chunks of a text without the byte order mark it may start with. */
export async function* withoutMark(chunks: Body): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    start = start && Buffer.concat([start, bytes])
    if (start === undefined) yield bytes
    if (start === undefined || start.length < utf8Mark.length) continue
    yield afterMark(start)
    start = undefined
  }
  if (start !== undefined) yield afterMark(start)
}

function afterMark(start: Buffer): Buffer {
  if (utf16Marks.some((mark) => mark.equals(start.subarray(0, 2)))) {
    throw new BatchInputError('encoding_unsupported', 'is UTF-16; UTF-8 is needed')
  }
  return utf8Mark.equals(start.subarray(0, 3)) ? start.subarray(3) : start
}
