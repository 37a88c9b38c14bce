import { generateKeyPairSync } from 'node:crypto'
import { importKey, readRequest, takeId } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { defaultPlace as place, startApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import { edge, json, post, send } from './native-calls.ts'
import { take } from './play-worker.ts'

const api = withApi()

const faultsOf = async (body: unknown) => {
  const answer = await post(api, body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'attribute_invalid', status: 400 } })
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return answer.body.errors
}

describe('POST /v1/requests', () => {
  test('records the request and answers 202, where to ask and when', async () => {
    const { status, headers, body } = await post(api, { ...edge, ref: 'rack-12/slot-3' })
    const self = `/v1/requests/${body.id}`
    expect(status).toBe(202)
    expect(headers.get('location')).toBe(self)
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(headers.get('preference-applied')).toBeNull()
    expect(body).toEqual({
      id: expect.stringMatching(/^\d+$/),
      ref: 'rack-12/slot-3',
      state: 'queued',
      key: { algorithm: 'ecdsa-p256' },
      times: { created: expect.stringMatching(/^\d{4}-.*Z$/) },
      links: { self },
    })
  })

  test('keeps nothing with an Idempotency-Key by which a challenge password could be guessed', async () => {
    const ask = (key: string, attributes: object) =>
      send(api, 'POST', '/v1/requests', { ...edge, attributes }, { 'idempotency-key': key })
    const keptOf = async () => {
      const names = await api.redis.keys('*:idem:*')
      const kept = await Promise.all(names.map((name) => api.redis.getdel(name)))
      return kept.map((text) => text?.split(' ')[0])
    }
    await keptOf()
    const first = await ask('one', { challengePassword: '1234' })
    expect(first.status).toBe(202)
    expect(await ask('one', { challengePassword: '1235' })).toMatchObject({
      ...{ status: 202, body: { id: first.body.id } },
    })
    for (const other of [{}, { challengePassword: '1234', unstructuredName: 'a' }]) {
      const { status, body } = await ask('one', other)
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'idempotency_key_reused' })
    }
    await ask('two', { challengePassword: 'another' })
    const digests = await keptOf()
    expect(digests).toHaveLength(2)
    expect(new Set(digests).size).toBe(1)
  })

  test('adds nothing that was not asked for', async () => {
    const { body } = await post(api, edge)
    const record = await readRequest(api.redis, place, body.id)
    expect(record).toMatchObject({
      state: 'queued',
      spec: {
        subject: [[{ type: 'CN', value: 'edge-1.example.com' }]],
        subjectAltNames: [],
        key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
        custody: 'internal',
      },
    })
  })

  test('Prefer: wait=n gives 201 and the CSR when it is ready in time', async () => {
    const nextId = async () => Number(await api.redis.hget('{s10}:t:default:next-id', 'next'))
    const id = await nextId()
    const answer = post(api, { ...edge, ref: 'waited for' }, { prefer: 'wait=50' })
    await expect.poll(nextId, { timeout: 20_000 }).toBe(id + 1)
    await (await take(api.redis, String(id))).finish()
    const { status, headers, body } = await answer
    expect(status).toBe(201)
    expect(headers.get('preference-applied')).toBe('wait=50')
    expect(headers.get('retry-after')).toBeNull()
    expect(body).toMatchObject({ ref: 'waited for', state: 'ready', key: { id: body.id } })
    expect(body.csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/)
  })

  test('Prefer: wait=n gives 202 when it is not', async () => {
    const { status, headers, body } = await post(api, edge, { prefer: 'wait=0' })
    expect(status).toBe(202)
    expect(headers.get('preference-applied')).toBe('wait=0')
    expect(body.csr).toBeUndefined()
  })

  test('takes key and custody from the policy where the spec is silent', async () => {
    const policy = { lxcaSpec: 'DEFAULT', defaultCustody: 'exportable', defaultKey: 'ed25519' }
    expect((await send(api, 'PUT', '/v1/policy', policy)).status).toBe(200)
    const silent = (await post(api, edge)).body
    const speaking = (
      await post(api, { ...edge, key: { algorithm: 'ml-dsa-65' }, custody: 'internal' })
    ).body
    const usual = { ...policy, defaultCustody: 'internal', defaultKey: 'ecdsa-p256' }
    await send(api, 'PUT', '/v1/policy', usual)
    expect(await readRequest(api.redis, place, silent.id)).toMatchObject({
      spec: { key: { algorithm: 'ed25519' }, custody: 'exportable' },
    })
    expect(await readRequest(api.redis, place, speaking.id)).toMatchObject({
      spec: { key: { algorithm: 'ml-dsa-65' }, custody: 'internal' },
    })
  })
})

describe('a spec that is not one', () => {
  test('is answered with all its faults, each with its place and what is allowed there', async () => {
    const faults = await faultsOf({
      subject: { country: 'UK' },
      subjectAltNames: [{ type: 'dns', value: 'a_b.example.com' }],
      key: { algorithm: 'rsa-1024' },
      custody: 'mine',
      owner: 'me',
    })
    expect(faults?.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/custody',
      '/key/algorithm',
      '/owner',
      '/subject/country',
      '/subjectAltNames/0/value',
    ])
    expect(faults).toContainEqual({
      pointer: '/owner',
      code: 'attribute_unknown',
      detail: expect.stringContaining('ref, subject, subjectAltNames'),
    })
  })

  test('has 251 names: at most 250 are allowed, whatever else is wrong', async () => {
    const subjectAltNames = Array.from({ length: 251 }, (_, i) => ({
      type: 'dns',
      value: `n${i}.example.com`,
    }))
    const tooMany = {
      pointer: '/subjectAltNames',
      detail: 'has 251 names; at most 250 are allowed',
    }
    expect(await faultsOf({ subjectAltNames })).toEqual([tooMany])
    expect(await faultsOf({ subjectAltNames, custody: 'mine' })).toContainEqual(tooMany)
    // They are not even looked at: to read one takes time.
    const wrong = subjectAltNames.map(() => ({ type: 'dns', value: 'a_b.example.com' }))
    expect(await faultsOf({ subjectAltNames: wrong })).toHaveLength(2)
    const most = await post(api, { subjectAltNames: subjectAltNames.slice(1) })
    expect(most.status).toBe(202)
  })

  test.each(['null', '[]', '"a"', '{}', '1'])('%s is 400', async (body) => {
    const response = await api.call('/v1/requests', { method: 'POST', headers: json, body })
    expect(response.status).toBe(400)
  })
})

test('a request that is recorded when Redis goes away is 202, for a 503 would make the caller ask twice', async () => {
  await using other = await startApi({ redisUrl: api.redisUrl })
  const answer = post(other, { ...edge, ref: 'promised' }, { prefer: 'wait=1' })
  await expect.poll(() => other.held(), { timeout: 20_000 }).toBe(1)
  other.redis.disconnect()
  const { status, headers, body } = await answer
  expect(status).toBe(202)
  expect(headers.get('retry-after')).toBe('2')
  expect(body).toMatchObject({ ref: 'promised', state: 'queued', key: { algorithm: 'ecdsa-p256' } })
  expect(await readRequest(api.redis, place, body.id)).toMatchObject({ ref: 'promised' })
})

describe('a CSR for a key that is there', () => {
  const imported = async (
    algorithm: 'ecdsa-p256' | 'rsa-2048',
    custody: 'internal' | 'exportable',
  ) => {
    const { publicKey } =
      algorithm === 'rsa-2048'
        ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    const id = await takeId(api.redis, place)
    const sealed = Buffer.from('sealed')
    await importKey(api.redis, place, { id, algorithm, spki, sealed, custody })
    return id
  }

  test("has the key's algorithm and custody, in the fast lane", async () => {
    const id = await imported('rsa-2048', 'exportable')
    const { status, body } = await post(api, { ...edge, key: { id, digest: 'sha512' } })
    expect(status).toBe(202)
    expect(body).toMatchObject({
      key: { id, algorithm: 'rsa-2048' },
      links: { key: `/v1/keys/${id}` },
    })
    expect(await readRequest(api.redis, place, body.id)).toMatchObject({
      keyId: id,
      lane: 'fast',
      spec: { key: { algorithm: 'rsa-2048', digest: 'sha512' }, custody: 'exportable' },
    })
  })

  test('may repeat its custody, and not ask for another', async () => {
    const id = await imported('ecdsa-p256', 'internal')
    expect((await post(api, { ...edge, key: { id }, custody: 'internal' })).status).toBe(202)
    expect(await faultsOf({ ...edge, key: { id }, custody: 'exportable' })).toEqual([
      { pointer: '/custody', detail: `is exportable; the key ${id} is internal: leave it out` },
    ])
  })

  test('is held to what the key can do, all faults in one answer', async () => {
    const id = await imported('ecdsa-p256', 'internal')
    const extensions = { keyUsage: ['keyEncipherment'] }
    const body = { ...edge, key: { id }, extensions, custody: 'exportable' }
    expect((await faultsOf(body))?.map(({ pointer }) => pointer)).toEqual([
      '/extensions/keyUsage',
      '/custody',
    ])
    const digest = await faultsOf({ ...edge, key: { id, digest: 'sha512' } })
    expect(digest).toMatchObject([{ pointer: '/key/digest' }])
  })

  test('is 404 for a key that never was', async () => {
    expect(await post(api, { ...edge, key: { id: '999' } })).toMatchObject({
      status: 404,
      body: {
        code: 'key_not_found',
        detail: 'The key 999 was not found.',
        errors: [{ pointer: '/key/id', detail: 'names no key' }],
      },
    })
  })
})

describe('a body that is not read', () => {
  const raw = (body: string, headers: Record<string, string>) =>
    api.call('/v1/requests', { method: 'POST', headers: { ...json, ...headers }, body })

  test('is compressed: 415', async () => {
    const response = await raw(JSON.stringify(edge), { 'content-encoding': 'gzip' })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ code: 'content_encoding_unsupported' })
    expect((await raw(JSON.stringify(edge), { 'content-encoding': 'identity' })).status).toBe(202)
  })

  test('is no JSON by its type, or has a name twice in one object: 400', async () => {
    const plain = await raw(JSON.stringify(edge), { 'content-type': 'text/plain' })
    expect(await plain.json()).toMatchObject({ status: 400, code: 'content_type_unsupported' })
    const twice = await raw('{"subject":{"CN":"a"},"subject":{"CN":"b"}}', {})
    expect(await twice.json()).toMatchObject({ status: 400, code: 'body_malformed' })
  })

  test('has more than 64 KiB: 413', async () => {
    const response = await raw(JSON.stringify({ ref: 'x'.repeat(65_536) }), {})
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'body_too_large' })
  })
})
