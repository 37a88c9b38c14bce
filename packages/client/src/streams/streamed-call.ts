import type { Call } from '../call.ts'

/** A call whose body or answer is a stream. */
export type StreamedCall = Pick<
  Call,
  'signal' | 'method' | 'path' | 'query' | 'body' | 'accept' | 'headers'
> & {
  /** In place of `body`: sent as it comes, and as fast as the service reads it. */
  readonly upload?: AsyncIterable<Uint8Array>
}
