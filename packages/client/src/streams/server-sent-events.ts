import { createParser, type EventSourceMessage } from 'eventsource-parser'

/** Events as they come, of a stream of `text/event-stream`. What a stream that ends has not closed with an empty line is no event. */
export async function* eventsOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventSourceMessage, void> {
  const decoder = new TextDecoder()
  const events: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => events.push(event) })
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* events.splice(0)
  }
}
