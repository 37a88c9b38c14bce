import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Logger, SetupError } from '@csr-foundry/service'
import type { Hono } from 'hono'
import type { Config } from '../config.ts'
import type { Env } from '../services.ts'
import { answerCalls } from './answer-calls.ts'
import { headersOfEveryAnswer } from './answer-headers.ts'
import { endLateCalls } from './body-deadlines.ts'
import { answerClientErrors } from './client-errors.ts'
import { closeServer } from './close-server.ts'
import { OpenCalls } from './open-calls.ts'
import type { TakeShortcut } from './shortcut.ts'
import { readTlsPair, type TlsFiles, watchTlsPair } from './tls-files.ts'

/** Thousands of clients may connect in the same moment. */
const backlog = 4_096

export type Limits = {
  /** A client has this long (ms) to send its headers, and the whole of its request. */
  readonly headersTimeout: number
  readonly requestTimeout: number
  /** How often (ms) connections are looked at for the two above. */
  readonly connectionsCheckingInterval: number
  /** Bytes of the request line and all headers. */
  readonly maxHeaderSize: number
  /** A connection on which nothing moves for longer than the longest hold is dead, or does not read what it asked for. */
  readonly idleTimeout: number
  /** Calls of one connection that wait for their answers. */
  readonly openCalls: number
  /** How often (ms) the files of the certificate are looked at. */
  readonly lookAtTlsFiles: number
}

export const usualLimits: Limits = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
  idleTimeout: 75_000,
  openCalls: 100,
  lookAtTlsFiles: 3_000,
}

export type RunningServer = {
  readonly url: string
  /** Takes no new connections and resolves when all are closed; after `deadline` milliseconds they are cut. */
  close(deadline: number): Promise<void>
}

type Place = Pick<Config, 'host' | 'port' | 'tls'>

/** Serves HTTP, or HTTPS (TLS 1.2 and later) where the settings name a certificate. */
export async function serve(
  app: Hono<Env>,
  { host, port, tls }: Place,
  log: Logger,
  limits: Limits = usualLimits,
  takeShortcut?: TakeShortcut,
): Promise<RunningServer> {
  const headers = headersOfEveryAnswer({ https: tls !== undefined })
  const refusals = { log, headers, openCalls: new OpenCalls(limits.openCalls) }
  const listener = answerCalls(app, refusals, takeShortcut)
  const options = serverOptions(limits)
  const tlsServer = tls && createTlsServer(options, tls, { log, every: limits.lookAtTlsFiles })
  const server: Server = tlsServer?.server ?? createHttpServer(options)
  server.on('request', listener)
  server.timeout = limits.idleTimeout
  // What does not fit is refused by its size: none is dropped because there are many.
  server.maxHeadersCount = 0
  answerClientErrors(server, refusals)
  endLateCalls(server, limits)
  await listen(server, host, port)
  return {
    url: urlOf(server, tls ? 'https' : 'http'),
    close: async (deadline) => {
      tlsServer?.watch.stop()
      await closeServer(server, deadline)
    },
  }
}

const serverOptions = (limits: Limits): ServerOptions => ({
  headersTimeout: limits.headersTimeout,
  // See body-deadlines.ts.
  requestTimeout: 0,
  connectionsCheckingInterval: limits.connectionsCheckingInterval,
  maxHeaderSize: limits.maxHeaderSize,
  // Longer than a balancer keeps its own end: it must not send a call to a connection that is just being closed.
  keepAliveTimeout: limits.idleTimeout,
  // Refused by us, with an answer that says why.
  requireHostHeader: false,
})

function createTlsServer(
  options: ServerOptions,
  files: TlsFiles,
  look: { log: Logger; every: number },
) {
  const tlsOptions = { minVersion: 'TLSv1.2' as const }
  const pair = readTlsPair(files)
  const server: HttpsServer = createHttpsServer({ ...options, ...tlsOptions, ...pair })
  const watch = watchTlsPair(files, pair, {
    ...look,
    // Connections that are open go on with the certificate that they began with.
    use: (next) => server.setSecureContext({ ...tlsOptions, ...next }),
  })
  return { server, watch }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ port, host, backlog }, resolve)
  await promise.catch((cause: NodeJS.ErrnoException) => {
    throw new SetupError(
      `HOST, PORT: cannot listen on ${host}:${port} (${cause.code}): free it or choose another`,
      { cause },
    )
  })
}

function urlOf(server: Server, scheme: string): string {
  const { address, family, port } = server.address() as AddressInfo
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
