/**
 * The official npm package `fastly` against the service. Its calls name the vendor's address themselves, whatever its
 * `basePath` says; so the address is changed by a plug-in, which the package has a setting for.
 */
import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { expect } from 'vitest'

/** The whole life of a key and of a CSR, as its users have it; `ca` is trusted beside the usual ones. */
export async function liveWithFastlyClient(url: string, token: string, ca?: Buffer): Promise<void> {
  const { client, keys, csrs } = clientOf(url, ca)
  client.authenticate(token)

  const uploaded = await upload(keys)
  const unused = { filter_in_use: 'false', page_number: 1, page_size: 20 }
  expect(await idsOf(keys, unused)).toEqual([uploaded.id])

  const signed = await csrs.createCsrWithHttpInfo(
    csrFor({ 'relationships.tls_private_key.id': uploaded.id }),
  )
  expect(signed.response.status).toBe(201)
  const { id: forUploaded, attributes } = signed.response.body.data
  expect(publicKeyOf(String(attributes.content))).toBe(uploaded.publicKey)
  // What the client makes of the answer is what its users see.
  expect(signed.data.data.attributes.content).toBe(attributes.content)

  const generated = await csrs.createCsrWithHttpInfo(csrFor({ key_type: 'ECDSA256' }))
  const { id: forGenerated, relationships } = generated.response.body.data
  const generatedKey = relationships?.tls_private_key.data.id ?? ''
  const shown = await keys.getTlsKey({ tls_private_key_id: generatedKey })
  expect(shown.data.attributes).toMatchObject({ key_type: 'EC', key_length: 256 })

  expect(await idsOf(keys, unused)).toEqual([])
  expect(await idsOf(keys)).toEqual([generatedKey, uploaded.id])
  const refused = keys.deleteTlsKey({ tls_private_key_id: uploaded.id })
  await expect(refused).rejects.toMatchObject({
    status: 409,
    body: { errors: [{ code: 'key_in_use' }] },
  })

  await client.deleteCsr(forUploaded)
  await client.deleteCsr(forGenerated)
  expect(await idsOf(keys, unused)).toEqual([generatedKey, uploaded.id])
  await keys.deleteTlsKey({ tls_private_key_id: uploaded.id })
  await keys.deleteTlsKey({ tls_private_key_id: generatedKey })
  expect(await idsOf(keys)).toEqual([])
  const gone = keys.getTlsKey({ tls_private_key_id: uploaded.id })
  await expect(gone).rejects.toMatchObject({ status: 404 })

  expect(client.limits().every(Number.isSafeInteger)).toBe(true)
  await seesErrors(csrs, client)
}

type Attributes = Readonly<Record<string, unknown>>
type Related = { readonly tls_private_key: { readonly data: { readonly id: string } } }
type Data = {
  readonly id: string
  readonly attributes: Attributes
  readonly relationships?: Related
}
type WithHttpInfo = {
  readonly data: { readonly data: Data }
  readonly response: { readonly status: number; readonly body: { readonly data: Data } }
}
type CsrsApi = { createCsrWithHttpInfo(options: object): Promise<WithHttpInfo> }
type KeysApi = {
  createTlsKey(options: object): Promise<{ data: Data }>
  getTlsKey(options: object): Promise<{ data: Data }>
  listTlsKeys(options: object): Promise<{ data: Data[]; meta: Attributes }>
  deleteTlsKey(options: object): Promise<unknown>
}
type Request = { url: string; ca(cert: Buffer): void }
type ApiClient = {
  plugins: ((request: Request) => void)[]
  rateLimitRemaining: number
  rateLimitReset: number
  authenticate(token: string): void
  callApi(...values: unknown[]): Promise<unknown>
}
type Fastly = {
  ApiClient: new () => ApiClient
  TlsCsrsApi: new (client: ApiClient) => CsrsApi
  TlsPrivateKeysApi: new (client: ApiClient) => KeysApi
}

const fastly = createRequire(import.meta.url)('fastly') as Fastly

function clientOf(url: string, ca?: Buffer) {
  const api = new fastly.ApiClient()
  api.plugins = [
    (request) => {
      request.url = request.url.replace('https://api.fastly.com', url)
      if (ca) request.ca(ca)
    },
  ]
  const path = '/tls/certificate_signing_requests/{id}'
  const vendor = 'https://api.fastly.com'
  return {
    keys: new fastly.TlsPrivateKeysApi(api),
    csrs: new fastly.TlsCsrsApi(api),
    client: {
      authenticate: (text: string) => api.authenticate(text),
      limits: () => [api.rateLimitRemaining, api.rateLimitReset],
      // The vendor has no such call, so its client has none either.
      deleteCsr: (id: string) =>
        api.callApi(path, 'DELETE', { id }, {}, {}, {}, {}, null, ['token'], [], [], null, vendor),
    },
  }
}

const csrFor = (attributes: Attributes) => {
  const sans = ['www.example.com', '8.8.8.8']
  const common = { sans, common_name: 'www.example.com', organization: 'ACME', country: 'US' }
  return { tls_csr: { data: { type: 'csr', attributes: { ...common, ...attributes } } } }
}

/** Hands a key in; its public half is what openssl says of it. */
async function upload(keys: KeysApi): Promise<{ id: string; publicKey: string }> {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const publicKey = execFileSync('openssl', ['pkey', '-pubout'], { input: pem }).toString()
  const attributes = { key: pem, name: 'of the web shop' }
  const { data } = await keys.createTlsKey({
    tls_private_key: { data: { type: 'tls_private_key', attributes } },
  })
  expect(data.attributes).toMatchObject({
    key_length: 2_048,
    key_type: 'RSA',
    name: 'of the web shop',
    replace: false,
    public_key_sha1: hash('sha1', publicKey),
  })
  expect(data.attributes.created_at).toBeInstanceOf(Date)
  expect(JSON.stringify(data)).not.toContain('PRIVATE KEY-----')
  return { id: data.id, publicKey }
}

async function idsOf(keys: KeysApi, options: object = {}): Promise<string[]> {
  const { data, meta } = await keys.listTlsKeys(options)
  expect(meta.record_count).toBe(data.length)
  return data.map(({ id }) => id)
}

/** The public key of a CSR that verifies. */
function publicKeyOf(csr: string): string {
  const out = execFileSync('openssl', ['req', '-verify', '-pubkey', '-noout'], {
    input: csr,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return createPublicKey(out).export({ type: 'spki', format: 'pem' }).toString()
}

async function seesErrors(csrs: CsrsApi, client: { authenticate(token: string): void }) {
  const withoutNames = csrs.createCsrWithHttpInfo({ tls_csr: { data: { attributes: {} } } })
  await expect(withoutNames).rejects.toMatchObject({
    status: 400,
    body: { errors: [{ code: 'sans_required' }] },
  })
  client.authenticate('no token of this service')
  await expect(csrs.createCsrWithHttpInfo(csrFor({}))).rejects.toMatchObject({
    status: 401,
    body: { msg: 'Provided credentials are missing or invalid' },
  })
}
