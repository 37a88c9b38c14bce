/** An event of a stream of `text/event-stream`. */
export type ServerSentEvent = { readonly event: string; readonly data: string }

/**
 * Events as they come (HTML Living Standard 9.2.6). A line ends with LF, CRLF or CR; what a stream that ends has not closed with an
 * empty line is no event; comments, which keep connections open, and `id` and `retry` are passed over.
 */
export async function* eventsOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void> {
  // It takes a byte order mark away.
  const decoder = new TextDecoder()
  const reader = new EventReader()
  let begun = ''
  for await (const chunk of chunks) {
    const text = begun + decoder.decode(chunk, { stream: true })
    // A CR at the end may be half of a CRLF.
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    begun = lines.pop() ?? ''
    for (const line of lines) {
      const event = reader.take(line)
      if (event !== undefined) yield event
    }
  }
}

class EventReader {
  #event = ''
  #data: string[] = []

  /** The event that this line ends, if it ends one. */
  take(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#end()
    const [, name = line, value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? []
    if (name === 'event') this.#event = value
    if (name === 'data') this.#data.push(value)
    return undefined
  }

  #end(): ServerSentEvent | undefined {
    const [event, data] = [this.#event || 'message', this.#data]
    this.#event = ''
    this.#data = []
    return data.length === 0 ? undefined : { event, data: data.join('\n') }
  }
}
