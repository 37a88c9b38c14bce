import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyView, PolicyView, ProblemView } from '@csr-foundry/native-api'
import { importKey, takeId } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { defaultPlace as place, startApi, type TestApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import { ask, edge, json, post, send } from './native-calls.ts'
import { take } from './play-worker.ts'

const api = withApi()

async function imported(name: string) {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  const id = await takeId(api.redis, place)
  const custody = 'internal'
  const sealed = Buffer.from('sealed')
  await importKey(api.redis, place, { id, algorithm: 'ecdsa-p256', spki, sealed, custody, name })
  return { id, publicKey, spki }
}

const keyOf = (id: string, init?: RequestInit) =>
  ask<KeyView & ProblemView>(api, `/v1/keys/${id}`, init)

describe('/v1/keys', () => {
  test('GET shows a key with its public half and nothing that is sealed', async () => {
    const { id, publicKey, spki } = await imported('edge')
    const { status, body } = await keyOf(id)
    expect(status).toBe(200)
    expect(body).toEqual({
      id,
      name: 'edge',
      algorithm: 'ecdsa-p256',
      publicKey: publicKey.export({ format: 'pem', type: 'spki' }),
      spkiSha256: createHash('sha256').update(spki).digest('hex'),
      custody: 'internal',
      origin: 'imported',
      inUse: false,
      created: expect.stringMatching(/Z$/),
      links: { self: `/v1/keys/${id}` },
    })
  })

  test('the public half of every algorithm is PEM as everybody writes it', async () => {
    for (const algorithm of ['ed25519', 'ecdsa-p521', 'ml-dsa-87']) {
      const { id } = (await post(api, { ...edge, key: { algorithm } })).body
      await (await take(api.redis, id)).finish()
      const { publicKey } = (await keyOf(id)).body
      expect(createPublicKey(publicKey).export({ format: 'pem', type: 'spki' })).toBe(publicKey)
    }
  })

  test('a key is in use until no request points at it, and destroyed only then', async () => {
    const { id } = await imported('used')
    const request = (await post(api, { ...edge, key: { id } })).body
    expect((await keyOf(id)).body.inUse).toBe(true)
    const refused = await keyOf(id, { method: 'DELETE' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'key_in_use' } })
    await api.call(request.links.self, { method: 'DELETE' })
    expect((await keyOf(id)).body.inUse).toBe(false)
    expect((await keyOf(id, { method: 'DELETE' })).status).toBe(204)
    const gone = {
      status: 404,
      body: { code: 'key_not_found', detail: `The key ${id} was not found.` },
    }
    expect(await keyOf(id, { method: 'DELETE' })).toMatchObject(gone)
    expect(await keyOf(id)).toMatchObject(gone)
  })

  test('GET lists newest first, page by page, used and unused', async () => {
    const list = async (parameters: string) =>
      (await ask<{ keys: KeyView[]; next?: string }>(api, `/v1/keys${parameters}`)).body
    const [first, second] = [await imported('first'), await imported('second')]
    await post(api, { ...edge, key: { id: first.id } })
    const page = await list('?limit=1')
    expect(page.keys.map(({ id }) => id)).toEqual([second.id])
    const next = await list(`?limit=1&cursor=${page.next}`)
    expect(next.keys.map(({ id }) => id)).toEqual([first.id])
    const idsOf = async (parameters: string) => (await list(parameters)).keys.map(({ id }) => id)
    expect(await idsOf('?inUse=false')).toContain(second.id)
    expect(await idsOf('?inUse=false')).not.toContain(first.id)
    expect((await idsOf('?inUse=true'))[0]).toBe(first.id)
    expect((await api.call('/v1/keys?inUse=yes')).status).toBe(400)
    expect((await api.call('/v1/keys?cursor=abc')).status).toBe(400)
  })

  test.each<[object, string]>([
    [{}, '/privateKey'],
    [{ privateKey: 1 }, '/privateKey'],
    [{ privateKey: 'x', custody: 'mine' }, '/custody'],
    [{ privateKey: 'x', name: '' }, '/name'],
    [{ privateKey: 'x', passphrase: 'x' }, '/passphrase'],
  ])('POST %j is 400', async (body, pointer) => {
    const answer = await send<ProblemView>(api, 'POST', '/v1/keys', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ pointer }])
  })
})

describe('/v1/policy', () => {
  const get = async () => (await ask<PolicyView>(api, '/v1/policy')).body
  const first = { lxcaSpec: 'DEFAULT', defaultCustody: 'internal', defaultKey: 'ecdsa-p256' }

  test('PUT replaces it, and /certificatePolicy is a part of the same', async () => {
    expect(await get()).toEqual(first)
    const changed = { lxcaSpec: 'CNSA', defaultCustody: 'exportable', defaultKey: 'rsa-3072' }
    const put = await send(api, 'PUT', '/v1/policy', changed)
    expect(put).toMatchObject({ status: 200, body: changed })
    expect(await get()).toEqual(changed)
    const lxca = await ask<object>(api, '/certificatePolicy')
    expect(lxca.body).toMatchObject({ response: { specName: 'CNSA' } })
    const body = JSON.stringify({ specName: 'DEFAULT' })
    await api.call('/certificatePolicy', { method: 'PUT', headers: json, body })
    expect(await get()).toEqual({ ...changed, lxcaSpec: 'DEFAULT' })
  })

  test('counts at once where it was changed, and a moment later in every process', async () => {
    await using other = await startApi({ redisUrl: api.redisUrl })
    const algorithmAt = async (at: TestApi) => (await post(at, edge)).body.key?.algorithm
    // Both know the caller, and what counts for him, from before.
    expect([await algorithmAt(api), await algorithmAt(other)]).not.toContain('ed25519')
    await send(api, 'PUT', '/v1/policy', { ...first, defaultKey: 'ed25519' })
    expect(await algorithmAt(api)).toBe('ed25519')
    await expect.poll(() => algorithmAt(other)).toBe('ed25519')
    await send(other, 'PUT', '/v1/policy', first)
    expect(await algorithmAt(other)).toBe('ecdsa-p256')
    await expect.poll(() => algorithmAt(api)).toBe('ecdsa-p256')
  })

  test('counts at once where it was changed, also when the other processes cannot be told', async () => {
    expect((await post(api, edge)).body.key?.algorithm).toBe('ecdsa-p256')
    await api.redis.acl('SETUSER', 'default', '-publish')
    try {
      const untold = await send(api, 'PUT', '/v1/policy', { ...first, defaultKey: 'ed25519' })
      expect(untold.status).toBe(500)
    } finally {
      await api.redis.acl('SETUSER', 'default', '+publish')
    }
    expect((await post(api, edge)).body.key?.algorithm).toBe('ed25519')
    await send(api, 'PUT', '/v1/policy', first)
  })

  test('PUT takes the whole policy, and names what is wrong', async () => {
    const put = (body: object) => send<ProblemView>(api, 'PUT', '/v1/policy', body)
    const part = await put({ lxcaSpec: 'CNSA' })
    expect(part.status).toBe(400)
    expect(part.body.errors?.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/defaultCustody',
      '/defaultKey',
    ])
    const wrong = await put({ ...first, defaultKey: 'rsa-1024', owner: 'me' })
    expect(wrong.body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/defaultKey', undefined],
      ['/owner', 'attribute_unknown'],
    ])
  })
})

describe('who may do what', () => {
  const calls = {
    read: [
      ['GET', '/v1/requests'],
      ['GET', '/v1/requests/1'],
      ['GET', '/v1/keys'],
      ['GET', '/v1/keys/1'],
      ['GET', '/v1/policy'],
    ],
    submit: [
      ['POST', '/v1/requests'],
      ['DELETE', '/v1/requests/1'],
      ['POST', '/v1/requests/1/retry'],
      ['POST', '/v1/keys'],
      ['DELETE', '/v1/keys/1'],
    ],
    admin: [['PUT', '/v1/policy']],
  } as const

  test.each(['read', 'submit', 'admin'] as const)('%s alone opens its own calls', async (role) => {
    const headers = { authorization: await api.bearer([role]) }
    for (const [needed, list] of Object.entries(calls)) {
      for (const [method, path] of list) {
        const { status, body } = await ask<ProblemView>(api, path, { method, headers })
        const refused = status === 403 && body.code === 'role_missing'
        expect(refused, `${method} ${path}`).toBe(needed !== role)
      }
    }
  })
})
