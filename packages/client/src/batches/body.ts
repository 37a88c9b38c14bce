type Chunk = Uint8Array | string

type OnceBody = Chunk | AsyncIterable<Chunk> | Iterable<Chunk>

/**
 * What a batch is read from: bytes, a text, or chunks of them as they come (a stream of Node or of the web, an iterator). A
 * function opens it, for each try anew; without one a stream that a broken connection has used up cannot be sent again.
 */
export type BatchBody = OnceBody | (() => OnceBody | Promise<OnceBody>)

export type Opener = {
  /** Whether it can be opened (still, or again). */
  readonly mayOpen: () => boolean
  readonly open: () => Promise<AsyncIterable<Uint8Array>>
}

export function openerOf(body: BatchBody): Opener {
  if (typeof body === 'function') {
    return { mayOpen: () => true, open: async () => chunksOf(await body()) }
  }
  const isThere = isChunk(body) || Array.isArray(body)
  let isUsed = false
  const use = () => {
    isUsed = true
  }
  return {
    mayOpen: () => isThere || !isUsed,
    open: async () => chunksOf(body, use),
  }
}

/** `onFirst`: told when the first chunk is wanted; a connection that nobody took has used up nothing. */
async function* chunksOf(body: OnceBody, onFirst = () => {}): AsyncGenerator<Uint8Array> {
  onFirst()
  if (isChunk(body)) yield bytesOf(body)
  else for await (const chunk of body) yield bytesOf(chunk)
}

const isChunk = (body: unknown): body is Chunk =>
  typeof body === 'string' || body instanceof Uint8Array

const bytesOf = (chunk: Chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
