import { expect, test } from 'vitest'
import { linesOf } from '../src/streams/lines.ts'
import { eventsOf } from '../src/streams/server-sent-events.ts'

/** The bytes of a text, one chunk for each. */
async function* bytesOf(text: string) {
  for (const byte of Buffer.from(text)) yield Buffer.of(byte)
}

async function* whole(text: string) {
  yield Buffer.from(text)
}

async function allOf<Entry>(list: AsyncIterable<Entry>): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of list) entries.push(entry)
  return entries
}

test.each([bytesOf, whole])('lines are found however they are cut: %o', async (cut) => {
  expect(await allOf(linesOf(cut('{"a":"ü€😀"}\r\n\n{"b":\r1}\nlast')))).toEqual([
    '{"a":"ü€😀"}',
    '{"b":\r1}',
    'last',
  ])
  expect(await allOf(linesOf(cut('')))).toEqual([])
})

test.each([bytesOf, whole])('events are found however they are cut: %o', async (cut) => {
  const text = [
    '\uFEFFdata: 1\n\n',
    ': a comment\r\n\r\n',
    'event:named\r\ndata:  two\r\ndata\r\nid: 4\r\n\r\n',
    'data:3\r\r',
    'event: without data\n\n',
    'data: cut off\n',
  ].join('')
  const events = await allOf(eventsOf(cut(text)))
  expect(events.map(({ event, data }) => [event, data])).toEqual([
    [undefined, '1'],
    ['named', ' two\n'],
    [undefined, '3'],
  ])
})
