import { spawnSync } from 'node:child_process'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type KeyAlgorithmName, keyAlgorithmNames, lintCsr } from '@csr-foundry/csr'
import type { KeyView, RequestListView, RequestView } from '@csr-foundry/native-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { opensslText } from '../look.ts'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { jsonInit } from '../start-service.ts'
import { hostOf, madeBy, type OfEveryAlgorithm, ofEveryAlgorithm } from './every-algorithm.ts'
import { service } from './service.ts'

let tenant: Tenant
beforeAll(async () => {
  tenant = await makeTenant(service, 'native')
})

const made = (spec: object) => madeBy(tenant, spec)

const openssl = (input: string | Buffer, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

describe('every algorithm', () => {
  let all: OfEveryAlgorithm
  beforeAll(async () => {
    all = await ofEveryAlgorithm()
  })

  test.each(keyAlgorithmNames)(
    '%s: a CSR that says what was asked for, by PEM and DER',
    async (name) => {
      const view = all.made.get(name)
      expect(view).toMatchObject({ state: 'ready', key: { id: view?.id, algorithm: name } })
      if (!view) return
      const pem = await file(all.tenant, view, 'application/x-pem-file')
      expect(pem.toString()).toBe(view.csr)
      const der = await file(all.tenant, view, 'application/pkcs10')
      const { findings } = lintCsr(der)
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
      if (!knownToOpenssl(name)) return
      expect(opensslText(pem.toString())).toContain(`CN=PRINTABLESTRING:${hostOf(name)}`)
      expect(openssl(der, 'req', '-inform', 'der', '-outform', 'pem')).toBe(view.csr)
      const key = (await (await all.tenant.call(view.links.key ?? '')).json()) as KeyView
      expect(openssl(pem, 'req', '-noout', '-pubkey')).toBe(key.publicKey)
    },
  )
})

/** OpenSSL before 3.5 has no ML-DSA. */
const knownToOpenssl = (name: KeyAlgorithmName) => !name.startsWith('ml-dsa')

async function file(by: Tenant, { links }: RequestView, accept: string): Promise<Buffer> {
  const response = await by.call(links.self, { headers: { accept } })
  expect(response.headers.get('content-type')).toBe(accept)
  return Buffer.from(await response.arrayBuffer())
}

describe('a key of the client', () => {
  const pems: [string, string[], string | undefined][] = [
    ['ec', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], undefined],
    ['rsa', ['genrsa', '-aes256', '-passout', 'pass:correct horse', '2048'], 'correct horse'],
  ]

  test.each(pems)(
    '%s: signs a CSR whose public key is the one that OpenSSL sees',
    async (name, args, password) => {
      const privateKey = openssl('', ...args)
      const passin = password === undefined ? [] : ['-passin', `pass:${password}`]
      const publicKey = openssl(privateKey, 'pkey', '-pubout', ...passin)
      const key = { privateKey, name, ...(password !== undefined && { password }) }
      const response = await tenant.call('/v1/keys', jsonInit('POST', key))
      const view = (await response.json()) as KeyView
      expect(response.status, JSON.stringify(view)).toBe(201)
      expect(response.headers.get('location')).toBe(`/v1/keys/${view.id}`)
      expect(view).toMatchObject({ name, publicKey, origin: 'imported', inUse: false })
      expect((await tenant.call('/v1/keys', jsonInit('POST', key))).status).toBe(409)

      const request = await made({ subject: { CN: `${name}.example.com` }, key: { id: view.id } })
      expect(request.key?.id).toBe(view.id)
      opensslText(request.csr ?? '')
      expect(openssl(request.csr ?? '', 'req', '-noout', '-pubkey')).toBe(publicKey)

      expect((await tenant.call(view.links.self, { method: 'DELETE' })).status).toBe(409)
      expect((await tenant.call(request.links.self, { method: 'DELETE' })).status).toBe(204)
      expect((await tenant.call(view.links.self, { method: 'DELETE' })).status).toBe(204)
    },
  )

  test('that is none is 400, and its answer and the logs hold nothing of it', async () => {
    const secret = 'not-a-key-but-private'
    const response = await tenant.call('/v1/keys', jsonInit('POST', { privateKey: secret }))
    const text = await response.text()
    expect(response.status, text).toBe(400)
    expect(JSON.parse(text).errors).toMatchObject([{ pointer: '/privateKey' }])
    expect(text + service.output()).not.toContain(secret)
  })
})

test('requests are found by ref and by common name, and gone when deleted', async () => {
  const { id, links } = await made({ ref: 'Rack-12/slot-3', subject: { CN: 'Seek.example.com' } })
  const found = async (q: string) => {
    const response = await tenant.call(`/v1/requests?q=${encodeURIComponent(q)}`)
    return ((await response.json()) as RequestListView).requests.map((one) => one.id)
  }
  expect(await found('Rack-12/')).toEqual([id])
  expect(await found('seek.EXAMPLE')).toEqual([id])
  expect(await found(id)).toContain(id)
  expect((await tenant.call(links.self, { method: 'DELETE' })).status).toBe(204)
  expect(await found('Rack-12/')).toEqual([])
  expect((await tenant.call(links.self)).status).toBe(404)
  expect((await tenant.call(`/v1/keys/${id}`)).status).toBe(404)
})

test('what LXCA asks for and what the native API asks for are the same requests', async () => {
  const path = await tenant.create({ CommonName: 'lxca.example.com' })
  const held = await tenant.call(`/v1/requests/${path}`, { headers: { prefer: 'wait=55' } })
  const view = (await held.json()) as RequestView
  expect(view).toMatchObject({ id: path, state: 'ready', key: { algorithm: 'rsa-2048' } })
  const lxca = await tenant.call(`/certificateSigningRequest/${path}`)
  expect(await lxca.text()).toBe(view.csr)
})

test('a request that was answered at once is there when it is asked for, and cannot be retried', async () => {
  const post = await tenant.call('/v1/requests', jsonInit('POST', { subject: { CN: 'soon' } }))
  expect(post.status).toBe(202)
  const self = post.headers.get('location') ?? ''
  const held = await tenant.call(self, { headers: { prefer: 'wait=55' } })
  expect(await held.json()).toMatchObject({ state: 'ready' })
  const retry = await tenant.call(`${self}/retry`, { method: 'POST' })
  expect(retry.status).toBe(409)
  expect(await retry.json()).toMatchObject({ code: 'request_not_failed' })
})

test('the shortcut to a ready request says what the long way says', async () => {
  const created = await tenant.call('/v1/requests', {
    ...jsonInit('POST', { subject: { CN: 'a' } }),
    headers: { 'content-type': 'application/json', prefer: 'wait=20' },
  })
  const { id } = (await created.json()) as { id: string }
  const urls = [
    `/v1/requests/${id}`,
    `/certificateSigningRequest/${id}`,
    `/certificateSigningRequest?path=${id}&details=true`,
  ]
  for (const url of urls) {
    const [short, long] = await Promise.all([plainGet(url), plainGet(url, { 'x-other': 'way' })])
    expect(short).toEqual(long)
  }
  const lines = service
    .output()
    .split('\n')
    .filter((line) => line.includes('"msg":"call"'))
  const shapes = lines.map((line) => JSON.parse(line)).filter(({ path }) => urls.includes(path))
  expect(new Set(shapes.map((line) => Object.keys(line).join())).size).toBe(1)
})

/** Without what fetch adds by itself, which would take the long way. */
async function plainGet(path: string, more = {}) {
  const headers = { authorization: tenant.authorization, ...more }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get(`${service.url}${path}`, { headers, agent: new Agent({ keepAlive: true }) }, resolve).on(
    'error',
    reject,
  )
  const answer = await promise
  const { date: _, 'x-request-id': requestId, ...rest } = answer.headers
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  return { status: answer.statusCode, headers: rest, body: await text(answer) }
}
