import { generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import {
  csrOf,
  csrs,
  documentOf,
  errorsOf,
  keys,
  makeNewest,
  mediaType,
  post,
  related,
} from './calls.ts'

const api = withApi()

const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8') =>
  key.export({ type: type as 'pkcs8', format: 'pem' }).toString()
const ecPair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

const keyOf = (attributes: object, more: object = {}) => ({
  data: { type: 'tls_private_key', attributes, ...more },
})
const send = (body: unknown) => api.call(keys, post(body))

/** The codes, pointers and texts of what a body is refused for. */
async function faultsOf(body: unknown) {
  const { status, errors } = await errorsOf(await send(body))
  expect(status).toBe(400)
  return errors.map(({ code, source, detail }) => ({ code, pointer: source?.pointer, detail }))
}

/** Uploads a key of its own and gives its id. */
async function uploaded(name?: string): Promise<string> {
  const key = pemOf(ecPair('P-256').privateKey)
  const { data } = await documentOf(await send(keyOf({ key, ...(name && { name }) })))
  return data?.id ?? ''
}

type List = {
  data: { id: string; attributes: Record<string, unknown> }[]
  links: Record<string, string | null>
  meta: Record<string, number>
}

const list = async (on: TestApi, path: string) => (await (await on.call(path)).json()) as List

describe('an upload', () => {
  test('is 201 with what is public of the key, and never the key', async () => {
    const { privateKey, publicKey } = ecPair('P-256')
    const before = Date.now()
    const response = await send(keyOf({ key: pemOf(privateKey), name: 'shop' }))
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe(mediaType)
    const text = await response.text()
    const { data } = JSON.parse(text)
    expect(response.headers.get('location')).toBe(`${keys}/${data.id}`)
    expect(data).toEqual({
      id: expect.stringMatching(/^\d+$/),
      type: 'tls_private_key',
      attributes: {
        key_length: 256,
        key_type: 'EC',
        name: 'shop',
        created_at: expect.any(String),
        replace: false,
        public_key_sha1: hash('sha1', publicKey.export({ type: 'spki', format: 'pem' })),
      },
    })
    expect(Math.abs(Date.parse(data.attributes.created_at) - before)).toBeLessThan(10_000)
    const shown = await api.call(`${keys}/${data.id}`)
    expect(shown.status).toBe(200)
    expect(await shown.json()).toEqual({ data })
    expect(api.logged()).not.toContain('PRIVATE KEY')
  })

  test.each([
    [
      'RSA 2048 as PKCS#1',
      () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey,
      'pkcs1',
      'RSA',
      2_048,
    ],
    ['P-256 as SEC 1', () => ecPair('P-256').privateKey, 'sec1', 'EC', 256],
    ['P-384 as PKCS#8', () => ecPair('P-384').privateKey, 'pkcs8', 'EC', 384],
  ] as const)('%s is taken', async (_, make, form, key_type, key_length) => {
    const { data } = await documentOf(await send(keyOf({ key: pemOf(make(), form) })))
    expect(data?.attributes).toMatchObject({ key_type, key_length, name: null })
  })

  test.each([
    ['P-521', () => pemOf(ecPair('P-521').privateKey)],
    ['Ed25519', () => pemOf(generateKeyPairSync('ed25519').privateKey)],
    ['RSA 1024', () => pemOf(generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey)],
    ['a public key', () => ecPair('P-256').publicKey.export({ type: 'spki', format: 'pem' })],
    [
      'an encrypted key',
      () =>
        ecPair('P-256').privateKey.export({
          ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
        }),
    ],
    ['rubbish', () => 'rubbish'],
    ['nothing', () => ''],
  ])('%s is not a usable key: 400 at its place, and nothing of it is repeated', async (_, make) => {
    const key = String(make())
    const [fault, ...more] = await faultsOf(keyOf({ key }))
    expect(more).toEqual([])
    expect(fault).toMatchObject({ code: 'attribute_invalid', pointer: '/data/attributes/key' })
    expect(fault?.detail).toMatch(/^[Tk][^\n]*\.$/)
    expect(fault?.detail).not.toMatch(/\.\.$|^key [A-Z]|rubbish/)
  })

  test.each([
    [{}, ['attribute_invalid /data']],
    [{ data: {} }, ['attribute_invalid /data/attributes']],
    [keyOf({}), ['attribute_invalid /data/attributes/key']],
    [
      keyOf({ key: 5, name: 7 }),
      ['attribute_invalid /data/attributes/key', 'attribute_invalid /data/attributes/name'],
    ],
    [keyOf({ key: 'x', name: 'a\u0000b' }), ['attribute_invalid /data/attributes/name']],
    [keyOf({ key: 'x', name: 'x'.repeat(256) }), ['attribute_invalid /data/attributes/name']],
    [keyOf({ key: 'x', password: 'y' }), ['attribute_unknown /data/attributes/password']],
    [keyOf({ key: 'x' }, { type: 'csr' }), ['attribute_invalid /data/type']],
    [keyOf({ key: 'x' }, { id: '1' }), ['attribute_unknown /data/id']],
  ])('%j is 400 with all its faults', async (body, expected) => {
    const faults = await faultsOf(body)
    expect(faults.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected)
  })

  test.each([
    ['an empty type', { type: '' }],
    ['no type', { type: undefined }],
    ['relationships of official clients', { relationships: { tls_domains: {} } }],
  ])('with %s is taken', async (_, more) => {
    const key = pemOf(ecPair('P-256').privateKey)
    expect((await send(keyOf({ key, name: null }, more))).status).toBe(201)
  })

  test('of a key that the tenant has is 400, in whatever form it comes', async () => {
    const { privateKey } = ecPair('P-256')
    const { data } = await documentOf(await send(keyOf({ key: pemOf(privateKey) })))
    expect(await faultsOf(keyOf({ key: pemOf(privateKey, 'sec1') }))).toEqual([
      {
        code: 'private_key_known',
        pointer: '/data/attributes/key',
        detail: expect.stringContaining(` ${data?.id}.`),
      },
    ])
  })
})

test('an upload while the vault is not the one that is pinned is 503 with Retry-After', async () => {
  await uploaded()
  await api.redis.rename('vault:masters', 'kept')
  const key = pemOf(ecPair('P-256').privateKey)
  const response = await send(keyOf({ key }))
  await api.redis.rename('kept', 'vault:masters')
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  const { status, errors } = await errorsOf(response)
  expect(status).toBe(503)
  expect(errors).toMatchObject([{ status: '503', code: 'vault_unavailable' }])
  expect((await send(keyOf({ key }))).status).toBe(201)
})

describe('the list', () => {
  let own: TestApi
  let ids: string[] = []
  beforeAll(async () => {
    own = await startApi()
    for (const key_type of ['RSA2048', 'ECDSA256', 'ECDSA256']) {
      await own.call(csrs, post(csrOf({ sans: ['www.example.com'], key_type })))
      ids.unshift(await makeNewest(own))
    }
    const body = { subject: { commonName: 'a' }, key: { algorithm: 'ml-dsa-44' } }
    const native = { 'content-type': 'application/json' }
    await own.call('/v1/requests', { ...post(body), headers: native })
    ids = [await makeNewest(own), ...ids]
  })
  afterAll(async () => {
    await own[Symbol.asyncDispose]()
  })

  test('has keys that were made for single requests, newest first, other dialects’ too', async () => {
    const { data, links, meta } = await list(own, keys)
    expect(data.map(({ id }) => id)).toEqual(ids)
    expect(data.map(({ attributes }) => `${attributes.key_type} ${attributes.key_length}`)).toEqual(
      ['ML-DSA-44 10496', 'EC 256', 'EC 256', 'RSA 2048'],
    )
    const only = `${keys}?page%5Bnumber%5D=1&page%5Bsize%5D=20`
    expect(links).toEqual({ first: only, last: only, prev: null, next: null })
    expect(meta).toEqual({ record_count: 4, current_page: 1, per_page: 20, total_pages: 1 })
  })

  test('is paged by number', async () => {
    const at = (number: number) => `${keys}?page%5Bnumber%5D=${number}&page%5Bsize%5D=3`
    const first = await list(own, `${keys}?page[size]=3`)
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 3))
    expect(first.links).toEqual({ first: at(1), last: at(2), prev: null, next: at(2) })
    const second = await list(own, String(first.links.next))
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(3))
    expect(second.links).toEqual({ first: at(1), last: at(2), prev: at(1), next: null })
    expect(second.meta).toEqual({ record_count: 4, current_page: 2, per_page: 3, total_pages: 2 })
    const beyond = await list(own, at(9))
    expect(beyond.data).toEqual([])
    expect(beyond.links).toMatchObject({ prev: at(2), next: null })
  })

  test('filter[in_use]=false has those that no request points at, in its links too', async () => {
    expect(await list(own, `${keys}?filter[in_use]=false`)).toMatchObject({
      data: [],
      links: { first: `${keys}?filter%5Bin_use%5D=false&page%5Bnumber%5D=1&page%5Bsize%5D=20` },
      meta: { record_count: 0, current_page: 1, total_pages: 0 },
    })
    await own.call(`${csrs}/${ids[1]}`, { method: 'DELETE' })
    const unused = await list(own, `${keys}?filter[in_use]=false`)
    expect(unused.data.map(({ id }) => id)).toEqual([ids[1]])
    expect((await list(own, keys)).meta.record_count).toBe(4)
  })
})

describe('DELETE', () => {
  test('is 204 without a body, once; then 404 in the words of the vendor', async () => {
    const id = await uploaded()
    const deleted = await api.call(`${keys}/${id}`, { method: 'DELETE' })
    expect(deleted.status).toBe(204)
    expect(await deleted.text()).toBe('')
    for (const method of ['GET', 'DELETE']) {
      const { status, errors } = await errorsOf(await api.call(`${keys}/${id}`, { method }))
      expect(status).toBe(404)
      expect(errors).toMatchObject([
        {
          code: 'tls_private_key_not_found',
          title: 'Not found',
          detail: 'The tls_private_key was not found',
        },
      ])
    }
  })

  test('is 409 while a request points at it, a queued one too', async () => {
    const id = await uploaded()
    const response = await api.call(csrs, post(csrOf({ sans: ['a.example.com'] }, related(id))))
    const { data } = await documentOf(response)
    expect(
      (await list(api, `${keys}?filter[in_use]=false`)).data.map(({ id }) => id),
    ).not.toContain(id)
    const { status, errors } = await errorsOf(await api.call(`${keys}/${id}`, { method: 'DELETE' }))
    expect(status).toBe(409)
    const detail = `A request uses the key ${id}.`
    expect(errors).toMatchObject([{ status: '409', code: 'key_in_use', detail }])
    await api.call(`${csrs}/${data?.id}`, { method: 'DELETE' })
    expect((await api.call(`${keys}/${id}`, { method: 'DELETE' })).status).toBe(204)
  })
})

test.each(['999999', '0', 'x', '3Fai6mXLnZGqgjmDU6nWTM', '1:uses'])(
  'a key %s that never was is 404',
  async (id) => {
    for (const method of ['GET', 'DELETE']) {
      expect((await api.call(`${keys}/${id}`, { method })).status).toBe(404)
    }
  },
)

test('another tenant sees no key and no CSR, and cannot use or delete them', async () => {
  const id = await uploaded()
  const { data } = await documentOf(
    await api.call(csrs, post(csrOf({ sans: ['a.example.com'] }, related(id)))),
  )
  const place = { tenant: 'other', shard: '{s10}' } as const
  await api.redis.hset('tenant:other', 'shard', '0')
  const headers = { authorization: await api.bearer(['read', 'submit'], place) }
  const status = async (path: string, method: string) =>
    (await api.call(path, { method, headers })).status
  for (const path of [`${keys}/${id}`, `${csrs}/${data?.id}`]) {
    expect(await status(path, 'GET')).toBe(404)
    expect(await status(path, 'DELETE')).toBe(404)
  }
  const body = csrOf({ sans: ['a.example.com'] }, related(id))
  expect((await api.call(csrs, post(body, headers))).status).toBe(404)
  for (const path of [keys, csrs]) {
    const answer = (await (await api.call(path, { headers })).json()) as List
    expect(answer.data).toEqual([])
  }
})
