import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  createLogger,
  metricsPlace,
  metricsSettings,
  parseSettings,
  Secret,
  SetupError,
  serveMetrics,
} from '../src/index.ts'

const token = new Secret('a-token-of-thirty-two-characters')
const text = 'csr_foundry_lots_total 1\n'
const read = async () => ({ contentType: 'text/plain; version=0.0.4', text })

/** Serves on a free port; gives the URL and what was logged. */
async function start(place: Partial<Parameters<typeof serveMetrics>[0]> = {}, reader = read) {
  let logged = ''
  const write = (line: string) => {
    logged += line
  }
  const log = createLogger('test', 'info', { write })
  const of = { host: '127.0.0.1', port: 0, token: undefined, ...place }
  const server = await serveMetrics(of, log, reader)
  onTestFinished(() => server.stop())
  return {
    url: `http://127.0.0.1:${/"port":(\d+)/.exec(logged)?.[1]}/metrics`,
    logged: () => logged,
  }
}

test('metrics are served at /metrics, to GET alone', async () => {
  const { url } = await start()
  const response = await fetch(url)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4')
  expect(await response.text()).toBe(text)
  expect((await fetch(`${url}/x`)).status).toBe(404)
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
})

test('with a token they are for whoever sends it', async () => {
  const { url, logged } = await start({ token })
  const call = (authorization: string) => fetch(url, { headers: { authorization } })
  expect((await fetch(url)).status).toBe(401)
  expect((await call('Bearer a-token-of-thirty-two-characterz')).status).toBe(401)
  expect((await call(`Bearer ${token.reveal()}`)).status).toBe(200)
  expect(logged()).not.toContain(token.reveal())
})

test('beyond this machine they need a token', () => {
  const place = (environment: Record<string, string>) =>
    metricsPlace(parseSettings(metricsSettings(9_465), environment))
  const METRICS_HOST = '0.0.0.0'
  expect(() => place({ METRICS_HOST })).toThrow(/METRICS_HOST: .*METRICS_TOKEN/)
  expect(place({ METRICS_HOST, METRICS_TOKEN: token.reveal() })).toMatchObject({ port: 9_465 })
  expect(place({ METRICS_HOST, METRICS_PORT: 'off' }).port).toBeUndefined()
  expect(place({ METRICS_HOST: '::1', METRICS_PORT: '0' }).port).toBe(0)
  expect(() => place({ METRICS_PORT: 'on' })).toThrow(
    'METRICS_PORT: must be off, or a port from 0 to 65535',
  )
})

test('a port that is taken ends the start, by name', async () => {
  const taken = createServer()
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const started = start({ port })
  await expect(started).rejects.toThrow(SetupError)
  await expect(started).rejects.toThrow(/METRICS_PORT: cannot listen on .*EADDRINUSE/)
})

test('what cannot be read is 503, and logged', async () => {
  const { url, logged } = await start({}, () => Promise.reject(new Error('no figures')))
  expect((await fetch(url)).status).toBe(503)
  expect(logged()).toContain('no figures')
})
