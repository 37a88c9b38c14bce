/** The lines of a stream of UTF-8, without their ends; the last one needs none. Empty lines are passed over. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  // A line that comes in many chunks is put together once.
  let begun: string[] = []
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    begun.push(first)
    const last = others.pop()
    if (last === undefined) continue
    yield* notEmpty([begun.join(''), ...others])
    begun = [last]
  }
  yield* notEmpty([begun.join('') + decoder.decode()])
}

const notEmpty = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== '')
