import { EventSourceParserStream } from 'eventsource-parser/stream'

/** The data of the events with this name as they come, each as the JSON that it is, however the connection cuts them. */
export async function* dataOfEvents<Data>(
  { body }: Response,
  name: string,
): AsyncGenerator<Data, void> {
  const events = body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
  for await (const { event, data } of events ?? []) {
    if (event === name) yield JSON.parse(data)
  }
}
