/** `/metrics` on a port of its own, for Prometheus; by itself it is reached from this machine alone. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { Logger } from './logger.ts'
import { SetupError } from './run-program.ts'
import type { Secret } from './secret.ts'
import { textSetting, tokenSetting, wholeNumber } from './setting-kinds.ts'
import { SettingsError } from './settings.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/** A port, or `off`. */
const metricsPortSetting = z.union(
  [z.literal('off'), wholeNumber(0, 65_535)],
  'must be off, or a port from 0 to 65535',
)

/** What a program that serves metrics reads; the descriptions are those of docs/settings.md. */
export const metricsSettings = (usualPort: number) => ({
  METRICS_HOST: textSetting('an address')
    .default('127.0.0.1')
    .describe(
      'Address on which [metrics](metrics.md) are served. Any other than loopback needs `METRICS_TOKEN`.',
    ),
  METRICS_PORT: metricsPortSetting
    .default(usualPort)
    .describe(
      "Port of the metrics; `off`: none; 0 takes a free one, which the log tells. With `npm start` the workers take the one after the API's.",
    ),
  METRICS_TOKEN: tokenSetting
    .optional()
    .describe('Bearer token that whoever reads the metrics has to send.'),
})

/** Where metrics are served; `port` undefined: nowhere. */
export type MetricsPlace = {
  readonly host: string
  readonly port: number | undefined
  readonly token: Secret | undefined
}

export type MetricsSettings = z.output<z.ZodObject<ReturnType<typeof metricsSettings>>>

/** @throws {SettingsError} where others could read them without a token */
export function metricsPlace({
  METRICS_HOST: host,
  METRICS_PORT: port,
  METRICS_TOKEN: token,
}: MetricsSettings): MetricsPlace {
  if (port === 'off') return { host, port: undefined, token }
  if (loopback.test(host) || token) return { host, port, token }
  throw new SettingsError([
    `METRICS_HOST: ${host} can be reached from other machines, which needs a token: set METRICS_TOKEN or METRICS_TOKEN_FILE`,
  ])
}

export type MetricsText = { readonly contentType: string; readonly text: string }

export type MetricsServer = { stop(): Promise<void> }

/**
 * Serves what `read` gives. A reader that fails is answered 503, so that Prometheus takes the target for down.
 *
 * @throws {SetupError} where the port is taken
 */
export async function serveMetrics(
  { host, port, token }: MetricsPlace,
  log: Logger,
  read: () => Promise<MetricsText>,
): Promise<MetricsServer> {
  if (port === undefined) return { stop: async () => {} }
  const server = createServer((incoming, outgoing) => {
    answer(incoming, token, read).then(
      ({ status, headers, body }) => outgoing.writeHead(status, headers).end(body),
      (error: unknown) => {
        log.warn({ err: error }, 'metrics could not be read')
        refuse(outgoing)
      },
    )
  })
  await listen(server, host, port)
  const { port: own } = server.address() as AddressInfo
  log.info({ host, port: own }, 'serving metrics')
  return { stop: () => close(server) }
}

const noStore = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

type Answer = { status: number; headers: Record<string, string>; body: string }

async function answer(
  { method, url = '', headers }: IncomingMessage,
  token: Secret | undefined,
  read: () => Promise<MetricsText>,
): Promise<Answer> {
  if (token && !isToken(headers.authorization, token)) {
    return { ...told(401, 'Send METRICS_TOKEN as a Bearer token.'), headers: challenge }
  }
  if (url.split('?')[0] !== '/metrics') return told(404, 'Only /metrics is served here.')
  if (method !== 'GET' && method !== 'HEAD') return told(405, 'Only GET is supported here.')
  const { contentType, text } = await read()
  return { status: 200, headers: { ...noStore, 'Content-Type': contentType }, body: text }
}

const plainText = { ...noStore, 'Content-Type': 'text/plain; charset=utf-8' }
const challenge = { ...plainText, 'WWW-Authenticate': 'Bearer realm="csr-foundry metrics"' }

const told = (status: number, text: string): Answer => ({
  status,
  headers: plainText,
  body: `${text}\n`,
})

/** Compared by hash, so that the time it takes tells nothing, not even the length. */
function isToken(authorization: string | undefined, token: Secret): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization ?? ''), hash(`Bearer ${token.reveal()}`))
}

function refuse(outgoing: ServerResponse): void {
  const { status, headers, body } = told(503, 'The metrics could not be read; see the log.')
  outgoing.writeHead(status, headers).end(body)
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host, port }, resolve)
  await promise.catch((cause: NodeJS.ErrnoException) => {
    throw new SetupError(
      `METRICS_HOST, METRICS_PORT: cannot listen on ${host}:${port} (${cause.code}): free it, choose another, or set METRICS_PORT=off`,
      { cause },
    )
  })
}

async function close(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  server.closeAllConnections()
  await closed.promise
}
