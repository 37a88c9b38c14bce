/** Sends calls byte by byte as they are: no client in between mends or refuses what is wrong with them. */
import { connect } from 'node:net'
import type { HostileCall } from './calls.ts'

export type Answer = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly ms: number
}

/** Whoever hangs up half way is given up on; so is a service that says nothing for so long (ms). */
const answerWithin = 20_000

/**
 * Sends one call over a connection of its own.
 *
 * @returns undefined where the service closed the connection without a word
 * @throws when it says nothing at all in time, or what it says is not HTTP
 */
export async function send(url: URL, call: HostileCall): Promise<Answer | undefined> {
  const started = performance.now()
  const bytes = await exchange(url, call.raw ?? bytesOf(url, call), call.raw !== undefined)
  if (bytes.length === 0) return undefined
  return { ...parseAnswer(bytes), ms: performance.now() - started }
}

function bytesOf(url: URL, { method, path, headers, body }: HostileCall): Buffer {
  const own = headers.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}\r\n`)
  const length = body.length === 0 ? '' : `content-length: ${body.length}\r\n`
  const head = `${method} ${path.replace(/[\r\n ]/g, '+')} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n${length}${own.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

function exchange(url: URL, bytes: Buffer, hangUp: boolean): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  const socket = connect(Number(url.port), url.hostname)
  const late = setTimeout(() => {
    socket.destroy()
    reject(new Error(`no answer within ${answerWithin} ms`))
  }, answerWithin)
  // Rubbish may be the start of a call that never ends: half a connection is closed behind it.
  socket.on('connect', () => (hangUp ? socket.end(bytes) : socket.write(bytes)))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    // News without an end: its first chunk is answer enough.
    if (hasFirstEvent(Buffer.concat(chunks.slice(0, 3)))) socket.destroy()
  })
  // The service may close while we still send: what it said until then counts.
  socket.on('error', () => {})
  socket.on('close', () => {
    clearTimeout(late)
    resolve(Buffer.concat(chunks))
  })
  return promise
}

const hasFirstEvent = (bytes: Buffer) =>
  /^content-type: text\/event-stream.*\r\n\r\n[0-9a-f]+\r\n.*\n\n\r\n/ims.test(
    bytes.toString('latin1'),
  )

function parseAnswer(bytes: Buffer): Omit<Answer, 'ms'> {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]
  if (end < 0 || status === undefined) throw new Error(`not HTTP: ${bytes.subarray(0, 80)}`)
  // After "100 Continue" comes the answer itself.
  if (status === '100') return parseAnswer(bytes.subarray(end + 4))
  const headers = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const rest = bytes.subarray(end + 4)
  // Rubbish can be two calls, and have two answers: the first one is judged.
  const length = Number(headers.get('content-length') ?? rest.length)
  const isChunked = headers.get('transfer-encoding') === 'chunked'
  const body = isChunked ? joinChunks(rest) : rest.subarray(0, length)
  return { status: Number(status), headers, body }
}

function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (lineEnd < 0 || !(length > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
}
