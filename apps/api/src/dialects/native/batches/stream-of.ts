/** Chunks as a body that is made no faster than it is read. A failure half way breaks the answer off. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      pull: async (stream) => {
        const { done, value } = await iterator.next()
        if (done) stream.close()
        else stream.enqueue(value)
      },
      cancel: async () => {
        await iterator.return?.()
      },
    },
    // Nothing is made before somebody reads: HEAD never does.
    { highWaterMark: 0 },
  )
}
