import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { SetupError } from '@csr-foundry/service'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from './config.ts'
import type { Env } from './services.ts'

/** Thousands of clients may connect in the same moment. */
const backlog = 4_096
/** A client has this long (ms) to send its headers, and the whole of its request. */
const headersTimeout = 15_000
const requestTimeout = 60_000
/** A connection on which nothing moves for longer than the longest hold is dead, or does not read what it asked for. */
const idleTimeout = 75_000
/** What one connection can ask for without reading the answers, which are kept until it does. */
const requestsPerConnection = 100

const quietRounds = 10
const roundMs = 25
const longestQuietWait = 5_000

export type RunningServer = {
  readonly url: string
  /** Takes no new connections and resolves when all are closed; after `deadline` milliseconds they are cut. */
  close(deadline: number): Promise<void>
}

/** Serves HTTP, or HTTPS (TLS 1.2 and later) where the settings name a certificate. */
export async function serve(app: Hono<Env>, config: Config): Promise<RunningServer> {
  const server = createServer(app, config)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.timeout = idleTimeout
  server.maxRequestsPerSocket = requestsPerConnection
  server.once('error', reject)
  server.listen({ port: config.port, host: config.host, backlog }, resolve)
  await promise.catch((cause: NodeJS.ErrnoException) => {
    const where = `${config.host}:${config.port}`
    throw new SetupError(
      `HOST, PORT: cannot listen on ${where} (${cause.code}): free it or choose another`,
      { cause },
    )
  })
  const { address, family, port } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return {
    url: `${config.tls ? 'https' : 'http'}://${host}:${port}`,
    close: (deadline) => closeServer(server, deadline),
  }
}

function createServer(app: Hono<Env>, { tls }: Config): Server {
  const timeouts = { headersTimeout, requestTimeout }
  if (!tls) {
    const options = { fetch: app.fetch, createServer: createHttpServer, serverOptions: timeouts }
    return createAdaptorServer(options) as Server
  }
  const serverOptions = {
    ...timeouts,
    minVersion: 'TLSv1.2' as const,
    cert: readPem('TLS_CERT_FILE', tls.certFile),
    key: readPem('TLS_KEY_FILE', tls.keyFile),
  }
  return createAdaptorServer({
    fetch: app.fetch,
    createServer: createHttpsServer,
    serverOptions,
  }) as Server
}

function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new SetupError(`${setting}: ${file} cannot be read: check the path and its mode`, {
      cause,
    })
  }
}

/**
 * Closing the listener resets what the kernel has accepted for it and nobody has read yet. So it stays open until nothing
 * new has come for a moment; what comes until then is answered, with `Connection: close`.
 */
async function closeServer(server: Server, deadline: number): Promise<void> {
  await quiet(server)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  const cut = setTimeout(() => server.closeAllConnections(), deadline)
  await promise
  clearTimeout(cut)
}

/**
 * Resolves when nothing has arrived for `quietRounds` rounds of the event loop and more, after `longestQuietWait`
 * milliseconds at the latest. Rounds and not time alone: of a process that gets no CPU, time says nothing, and in each round
 * what the kernel has accepted is looked at.
 */
async function quiet(server: Server): Promise<void> {
  const latest = Date.now() + longestQuietWait
  let quietFor = 0
  const arrived = () => {
    quietFor = 0
  }
  server.on('connection', arrived).on('request', arrived)
  while (quietFor < quietRounds && Date.now() < latest) {
    quietFor += 1
    await delay(roundMs)
  }
}
