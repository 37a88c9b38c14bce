import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorization, type Service, startService } from './start-service.ts'
import { liveWithFastlyClient } from './vendors/fastly-client.ts'
import { liveWithLxcaSession } from './vendors/lxca-session.ts'

leakGuard()

const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-tls-'))
const token = randomBytes(32).toString('hex')
let service: Service

beforeAll(async () => {
  makePair('one')
  makePair('two')
  point('one')
  const environment = {
    TLS_CERT_FILE: join(folder, 'live/cert.pem'),
    TLS_KEY_FILE: join(folder, 'live/key.pem'),
    CORS_ORIGINS: 'https://console.example.com',
    ADMIN_TOKEN: token,
  }
  service = await startService({ environment })
  expect(service.url).toMatch(/^https:/)
})
afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** A folder of this name with a pair for CN=name. */
function makePair(name: string): void {
  mkdirSync(join(folder, name))
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', join(folder, name, 'key.pem'), '-out', join(folder, name, 'cert.pem')]
  const all = ['req', '-x509', '-days', '1', ...key, ...names, ...files]
  execFileSync('openssl', all, { stdio: 'ignore' })
}

/** Has the link `live` point at that folder from one moment to the next. */
function point(name: string): void {
  symlinkSync(join(folder, name), join(folder, 'next'))
  renameSync(join(folder, 'next'), join(folder, 'live'))
}

const certificateOf = (name: string) => readFileSync(join(folder, name, 'cert.pem'))

function get(options: object = {}) {
  type Answer = { status?: number; headers: object; certificate: string }
  return new Promise<Answer>((resolve, reject) => {
    const ca = ['one', 'two'].map(certificateOf)
    const all = { ca, headers: { authorization }, agent: false as const, ...options }
    request(`${service.url}/certificatePolicy`, all, (response) => {
      const { subject } = (response.socket as TLSSocket).getPeerCertificate()
      const { statusCode: status, headers } = response.resume()
      resolve({ ...(status !== undefined && { status }), headers, certificate: String(subject.CN) })
    })
      .on('error', reject)
      .end()
  })
}

// First: it sees what is in the lists.
test("Lenovo's Python client has a session", () =>
  liveWithLxcaSession(service.url, 'admin', certificateOf('one')))

test("Fastly's npm package does the whole life of a key and of a CSR", () =>
  liveWithFastlyClient(service.url, token, certificateOf('one')))

test('serves HTTPS from files, TLS 1.2 and later only, and takes up replaced ones', async () => {
  expect(await get()).toMatchObject({
    status: 200,
    certificate: 'one',
    headers: {
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    },
  })
  const twelve = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }
  expect(await get(twelve)).toMatchObject({ status: 200 })
  const eleven = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
  await expect(get(eleven)).rejects.toThrow()
  const origin = 'https://console.example.com'
  const put = (own: object) => get({ method: 'PUT', headers: { authorization, ...own } })
  expect(await put({ origin })).toMatchObject({
    status: 400,
    headers: { 'access-control-allow-origin': origin },
  })
  expect(await put({ origin: 'https://elsewhere.example.com' })).toMatchObject({ status: 403 })

  // The process may read these two paths and nothing else; where they lead today is its own affair.
  point('two')
  for (const pid of service.pids('apps/api/src/main.ts')) process.kill(pid, 'SIGHUP')
  await expect.poll(async () => (await get()).certificate).toBe('two')
})
