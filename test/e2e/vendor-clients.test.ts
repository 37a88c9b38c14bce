/** The vendors' own clients, unmodified, against the whole service. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from './start-service.ts'
import { liveWithFastlyClient } from './vendors/fastly-client.ts'
import { liveWithLxcaSession } from './vendors/lxca-session.ts'

leakGuard()

const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-vendors-'))
const cert = join(folder, 'cert.pem')
const key = join(folder, 'key.pem')
const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], {
  stdio: 'ignore',
})
const ca = readFileSync(cert)
afterAll(() => rmSync(folder, { recursive: true }))

describe.each([
  ['http', {}],
  ['https', { TLS_CERT_FILE: cert, TLS_KEY_FILE: key }],
])('over %s', (scheme, tls) => {
  const token = randomBytes(32).toString('hex')
  let service: Service
  beforeAll(async () => {
    service = await startService({ environment: { ADMIN_TOKEN: token, ...tls } })
    expect(service.url).toMatch(new RegExp(`^${scheme}:`))
  })
  afterAll(() => service[Symbol.asyncDispose]())

  // First: it sees what is in the lists.
  test("Lenovo's Python client has a session", () => liveWithLxcaSession(service.url, ca))

  test("Fastly's npm package does the whole life of a key and of a CSR", () =>
    liveWithFastlyClient(service.url, token, ca))
})
