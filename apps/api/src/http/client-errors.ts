/**
 * What Node finds wrong before there is a call: malformed HTTP, headers that are too large or too slow. Nobody knows yet
 * which dialect is spoken, so the answer is a problem document, and the connection ends with it.
 */
import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ErrorCode, errorKinds, type Logger, ServiceError } from '@csr-foundry/service'
import { failure } from '../dialects/native/problem.ts'
import type { OpenCalls } from './open-calls.ts'

/** Long enough for a client that is still sending to read why it should not. */
const lingerMs = 1_000

type Headers = readonly (readonly [name: string, value: string])[]

export type Refusals = {
  readonly log: Logger
  /** The headers of every answer. */
  readonly headers: Headers
  readonly openCalls: OpenCalls
}

/** Answers what clients send wrong, as far as it can be answered; what is no fault of theirs just ends the connection. */
export function answerClientErrors(server: Server, refusals: Refusals): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A second fault of a connection that has been answered and lingers.
    if (socket.writableEnded && !socket.destroyed) return
    // An answer that failed half way has no other end than its connection's: its status was sent.
    if (isOwn(error)) {
      const requestId = refusals.openCalls.requestId(socket)
      refusals.log.error({ requestId, err: error }, 'answer broken off')
    }
    const code = codeOf(error)
    if (!code || !socket.writable || !refusals.openCalls.nextIsArriving(socket)) {
      socket.destroy()
      return
    }
    const { requestId, body, status } = refusal(refusals.log, code, socket)
    socket.end(
      rawAnswer(
        status,
        { ...Object.fromEntries(refusals.headers), 'X-Request-Id': requestId },
        body,
      ),
    )
    setTimeout(() => socket.destroy(), lingerMs).unref()
  })
  server.on('checkExpectation', ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    for (const [name, value] of refusals.headers) outgoing.setHeader(name, value)
    refuse(refusals.log, outgoing, socket, 'The only expectation that is known is 100-continue.')
  })
}

/** Answers a call that no dialect can be asked about. */
export function refuse(
  log: Logger,
  outgoing: ServerResponse,
  socket: Socket,
  detail: string,
): void {
  const { requestId, body, status } = refusal(log, 'request_malformed', socket, detail)
  outgoing.writeHead(status, {
    'X-Request-Id': requestId,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  })
  outgoing.end(body)
}

/** What the network and Node's parser report has a code. */
const isOwn = ({ code }: NodeJS.ErrnoException) => code === undefined

function codeOf({ code = '' }: NodeJS.ErrnoException): ErrorCode | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  return code.startsWith('HPE_') ? 'request_malformed' : undefined
}

function refusal(log: Logger, code: ErrorCode, connection: Duplex, detail?: string) {
  const requestId = randomUUID()
  const { status } = errorKinds[code]
  const remote = 'remoteAddress' in connection ? connection.remoteAddress : undefined
  log.info({ requestId, status, code, remote }, 'call')
  const error = new ServiceError(code, detail === undefined ? {} : { detail })
  return { requestId, status, body: JSON.stringify(failure(error, requestId).body) }
}

function rawAnswer(status: number, headers: Record<string, string>, body: string): string {
  const all = {
    ...headers,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Date: new Date().toUTCString(),
    Connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
