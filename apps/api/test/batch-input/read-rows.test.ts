import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { howMany } from '@csr-foundry/testing/how-many'
import { expect, test } from 'vitest'
import { batchLimits, readRows } from '../../src/batch-input/read-rows.ts'
import { chunksOf, collectRows, randomFrom, said } from './collect-rows.ts'

const bodies = {
  ndjson: `\ufeff{"a":"ü😀"}\r\n\r\n{"b":[1,{"c":":"}]}\n{"a":1,"a":2}\nnope\n"${'x'.repeat(300)}"\n{"z":1}`,
  csv: `\ufeffref,sans\r\n1,"a ""b"",\r\nc"\r\n\n"2,x\n3,y"z\n4,"ü😀"\n${'5'.repeat(300)},y\n6,"${'y\n'.repeat(200)}",z\n7,"y"`,
  json: `\ufeff [ {"a":"\\"]ü😀"} , nope,[1,"${'x'.repeat(300)}"],{"a":[{}]}, -1 ]\n `,
} as const

const formats = Object.keys(bodies) as (keyof typeof bodies)[]

test.each(formats)('however %s is cut into chunks, the rows are the same', async (format) => {
  const limits = { rowBytes: 256 }
  const body = Buffer.from(bodies[format])
  const whole = await collectRows(format, body, { limits })
  expect(whole.error).toBeUndefined()
  expect(whole.rows.length).toBeGreaterThan(4)
  for (let size = 1; size < 40; size += 1) {
    expect(await collectRows(format, body, { limits, cut: size })).toEqual(whole)
  }
  for (let seed = 1; seed < howMany(20, 200); seed += 1) {
    const random = randomFrom(seed)
    const cut = () => 1 + random(random(2) === 0 ? 4 : 200)
    expect(await collectRows(format, body, { limits, cut })).toEqual(whole)
    const zipped = gzipSync(body)
    expect(await collectRows(format, zipped, { limits, cut, gzip: true })).toEqual(whole)
  }
})

test.each(formats)('%s of any bytes ends, and never otherwise than it should', async (format) => {
  const alphabet = [
    '"',
    ',',
    '\n',
    '\r\n',
    '{',
    '}',
    '[',
    ']',
    '\\',
    ':',
    'a',
    '\0',
    '\xff',
    'ref',
    '1',
  ]
  for (let seed = 1; seed < howMany(150, 400); seed += 1) {
    const random = randomFrom(seed)
    const text = Array.from({ length: random(60) }, () => alphabet[random(alphabet.length)]).join(
      '',
    )
    const start = format === 'csv' ? 'ref,sans\n' : format === 'json' ? '[' : ''
    const body = Buffer.from(start + text, 'latin1')
    const whole = await collectRows(format, body, { limits: { rowBytes: 16 } })
    const cut = await collectRows(format, body, { limits: { rowBytes: 16 }, cut: 1 })
    expect(cut).toEqual(whole)
    const lines = whole.rows.map(([line]) => line)
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
  }
})

test('UTF-16 ends the input, in either order', async () => {
  for (const mark of [
    [0xff, 0xfe],
    [0xfe, 0xff],
  ]) {
    const { error } = await collectRows('ndjson', Buffer.from([...mark, 0x7b, 0]), { cut: 1 })
    expect(error).toMatchObject({ code: 'encoding_unsupported', line: 1 })
  }
})

test('no more rows than are allowed, and those before stand', async () => {
  const limits = { rows: 2 }
  expect((await said('ndjson', '1\n\n2\n\n', { limits })).length).toBe(2)
  const { rows, error } = await collectRows('ndjson', '1\n\nnope\n3\n4', { limits })
  expect([rows.length, error?.code, error?.line]).toEqual([2, 'too_many_rows', 4])
})

test('empty lines without end come to the limit of bytes', async () => {
  const { error } = await collectRows('ndjson', '\n'.repeat(2000), {
    limits: { bytes: 1000 },
    cut: 100,
  })
  expect(error).toMatchObject({ code: 'too_large', line: 1001 })
})

test('gzip that ends early keeps the rows that were whole', async () => {
  const random = randomFrom(1)
  const lines = Array.from({ length: 5000 }, () => `{"a":${random(1e9)}}`)
  const zipped = gzipSync(`${lines.join('\n')}\n`)
  const { rows, error } = await collectRows('ndjson', zipped.subarray(0, -8), {
    gzip: true,
    cut: 999,
  })
  expect(error).toMatchObject({
    code: 'gzip_broken',
    faults: [{ detail: 'ends before its gzip does' }],
  })
  expect(rows.map(([, text]) => text)).toEqual(lines.slice(0, rows.length))
  const half = await collectRows('ndjson', zipped.subarray(0, zipped.length / 2), {
    gzip: true,
    cut: 999,
  })
  expect(half.error?.code).toBe('gzip_broken')
  expect(half.error?.line).toBe(half.rows.length + 1)
})

test('what is no gzip ends the input', async () => {
  for (const body of ['{"a":1}\n', 'x', gzipSync('{"a":1}').with(12, 0xff)]) {
    const { error } = await collectRows('ndjson', Buffer.from(body), { gzip: true })
    expect(error).toMatchObject({ code: 'gzip_broken', line: 1 })
  }
  const nothing = await collectRows('ndjson', '', { gzip: true })
  expect(nothing.rows).toEqual([])
})

test('gzip of several members is one text, and what follows them is refused', async () => {
  const members = Buffer.concat([gzipSync('{"a":'), gzipSync('1}\n2')])
  expect(await said('ndjson', members, { gzip: true })).toEqual([
    [1, { a: 1 }],
    [2, 2],
  ])
  const more = await collectRows('ndjson', Buffer.concat([members, Buffer.from('{"b":2}')]), {
    gzip: true,
  })
  expect(more.error?.code).toBe('gzip_broken')
})

test('a gzip bomb is stopped, of empty lines, of one line, or of good rows', async () => {
  for (const piece of ['\n', 'x', '{"subject":{"CN":"a"}}\n']) {
    const bomb = gzipSync(Buffer.alloc(6 * 1024 ** 2, piece))
    const { error } = await collectRows('ndjson', bomb, { gzip: true, cut: 1000 })
    expect(error?.code).toBe('too_large')
  }
})

test('nothing is read ahead of who pulls', async () => {
  let read = 0
  async function* body() {
    for (; read < 1000; read += 1) yield Buffer.from(`{"a":${read}}\n{"b":${read}}\n`)
  }
  const rows = readRows(body(), { format: 'ndjson', gzip: false })
  await new Promise(setImmediate)
  expect(read).toBe(0)
  await rows.next()
  await rows.next()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(read).toBe(0)
  await rows.next()
  expect(read).toBe(1)
  await rows.return()
})

test('of gzip a few chunks are read ahead, not all', async () => {
  const random = randomFrom(3)
  const lines = Array.from({ length: 100_000 }, () => `{"a":${random(1e9)}}`)
  let read = 0
  async function* body() {
    for await (const chunk of chunksOf(gzipSync(lines.join('\n')), () => 16_384)) {
      read += chunk.length
      yield chunk
    }
  }
  const rows = readRows(body(), { format: 'ndjson', gzip: true })
  await rows.next()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(read).toBeLessThan(200_000)
  await rows.return()
})

test('who stops early ends the body, also of gzip', async () => {
  for (const gzip of [false, true]) {
    let ended = false
    async function* body() {
      try {
        const random = randomFrom(5)
        const line = () => `{"a":${random(1e9)}}\n`
        const text = Array.from({ length: 100_000 }, line).join('')
        yield* chunksOf(gzip ? gzipSync(text) : Buffer.from(text), () => 1000)
      } finally {
        ended = true
      }
    }
    for await (const row of readRows(body(), { format: 'ndjson', gzip })) if (row.line === 3) break
    await expect.poll(() => ended).toBe(true)
  }
})

test('an error of the body is not taken for an end of the input', async () => {
  const gone = new Error('the client left')
  for (const gzip of [false, true]) {
    async function* body() {
      yield gzip ? gzipSync('1\n2\n').subarray(0, 12) : Buffer.from('1\n2\n')
      throw gone
    }
    const rows = readRows(body(), { format: 'ndjson', gzip })
    await expect(linesOf(rows)).rejects.toBe(gone)
  }
})

test('a ReadableStream of the web is a body', async () => {
  const body = new Response('ref\n1\n2').body as ReadableStream<Uint8Array>
  expect(await linesOf(readRows(body, { format: 'csv', gzip: false }))).toEqual([2, 3])
})

const megabytes = howMany(12, 60)

test.each(formats)(`memory stays flat over ${megabytes} MB of %s`, async (format) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const texts = {
    ndjson: ['', `{"a":"${'x'.repeat(500)}"}\n`],
    csv: ['ref,sans\n', `"${'x'.repeat(500)}","a\nb"\n`],
    json: ['[1', `,{"a":"${'x'.repeat(500)}"}`],
  } as const
  const [start, row] = texts[format]
  const chunk = Buffer.from(row.repeat(500))
  const held = () => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / 1024 ** 2
  }
  async function* body() {
    yield Buffer.from(start)
    for (let sent = 0; sent < megabytes * 1024 ** 2; sent += chunk.length) yield Buffer.from(chunk)
    if (format === 'json') yield Buffer.from(']')
  }
  const before = held()
  let most = 0
  let count = 0
  for await (const { faults } of readRows(body(), { format, gzip: false, limits: batchLimits })) {
    if (faults) throw new Error('a row is wrong')
    count += 1
    if (count % 10_000 === 0) most = Math.max(most, held() - before)
  }
  expect(count).toBeGreaterThan(megabytes * 1_700)
  expect(most).toBeLessThan(howMany(10, 30))
})

async function linesOf(rows: AsyncIterable<{ line: number }>): Promise<number[]> {
  const lines: number[] = []
  for await (const { line } of rows) lines.push(line)
  return lines
}
