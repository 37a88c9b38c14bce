import { fromPem } from '@csr-foundry/csr'
import type { ProblemView, RequestListView } from '@csr-foundry/native-api'
import { describe, expect, test } from 'vitest'
import { withApi } from '../../with-api.ts'
import { ask, edge, post } from './native-calls.ts'
import { take } from './play-worker.ts'

const api = withApi({ holdMs: 10_000 })

const queued = async (body: object = edge) => (await post(api, body)).body.id
const ready = async (body: object = edge) => {
  const id = await queued(body)
  await (await take(api.redis, id)).finish()
  return id
}
const failed = async () => {
  const id = await queued()
  await (await take(api.redis, id)).fail()
  return id
}

describe('GET /v1/requests/{id}', () => {
  test('is 200 in every state, and says when to ask again', async () => {
    const id = await queued()
    const asked = await ask(api, `/v1/requests/${id}`)
    expect(asked).toMatchObject({ status: 200, body: { id, state: 'queued' } })
    expect(Number(asked.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    const work = await take(api.redis, id)
    expect((await ask(api, `/v1/requests/${id}`)).body).toMatchObject({
      state: 'running',
      times: { started: expect.any(String) },
    })
    await work.finish()
    const done = await ask(api, `/v1/requests/${id}`)
    expect(done.body).toMatchObject({
      state: 'ready',
      key: { id },
      links: { key: `/v1/keys/${id}` },
    })
    expect(done.headers.get('retry-after')).toBeNull()
    expect(done.headers.get('server-timing')).toMatch(/^queue;dur=\d+, work;dur=\d+$/)
  })

  test('of a request that has failed has its problem and where to try again', async () => {
    const id = await failed()
    expect(await ask(api, `/v1/requests/${id}`)).toMatchObject({
      status: 200,
      body: {
        state: 'failed',
        problem: { code: 'csr_not_made', status: 500 },
        links: { retry: `/v1/requests/${id}/retry` },
      },
    })
  })

  test('Prefer: wait=n holds it until the request has settled; without it, it is not held', async () => {
    const id = await queued()
    const started = performance.now()
    await ask(api, `/v1/requests/${id}`)
    expect(performance.now() - started).toBeLessThan(1_000)
    const held = ask(api, `/v1/requests/${id}`, { headers: { prefer: 'wait=20' } })
    await (await take(api.redis, id)).finish()
    const answer = await held
    expect(answer.body.state).toBe('ready')
    expect(answer.headers.get('preference-applied')).toBe('wait=20')
  })

  test('gives the CSR alone as PEM or DER, as Accept asks for it', async () => {
    const id = await ready()
    const get = (accept: string) => api.call(`/v1/requests/${id}`, { headers: { accept } })
    const pem = await get('application/x-pem-file')
    expect(pem.headers.get('content-type')).toBe('application/x-pem-file')
    expect(pem.headers.get('content-disposition')).toBe(`attachment; filename="csr-${id}.pem"`)
    expect(pem.headers.get('vary')).toContain('Accept')
    expect(pem.headers.get('server-timing')).toMatch(/^queue;/)
    const der = await get('application/json;q=0.5, application/pkcs10')
    expect(der.headers.get('content-type')).toBe('application/pkcs10')
    expect(der.headers.get('content-disposition')).toBe(`attachment; filename="csr-${id}.p10"`)
    expect(fromPem(await pem.text())).toEqual(Buffer.from(await der.arrayBuffer()))
  })

  test.each(['*/*', 'text/html', 'application/*', 'application/pkcs10;q=0', 'rubbish'])(
    'gives JSON for Accept: %s',
    async (accept) => {
      const id = await ready()
      const response = await api.call(`/v1/requests/${id}`, { headers: { accept } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
    },
  )

  test('PEM or DER of a request without a CSR is 409 that says its state', async () => {
    const headers = { accept: 'application/pkcs10' }
    const waiting = await ask(api, `/v1/requests/${await queued()}`, { headers })
    expect(waiting).toMatchObject({ status: 409, body: { code: 'csr_not_there' } })
    expect(waiting.body.detail).toContain('is queued')
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(waiting.headers.get('content-type')).toBe('application/problem+json')
    const given = await ask(api, `/v1/requests/${await failed()}`, { headers })
    expect(given.status).toBe(409)
    expect(given.headers.get('retry-after')).toBeNull()
  })

  test.each(['GET', 'DELETE'])('%s of an id that never was is 404', async (method) => {
    expect(await ask(api, '/v1/requests/99999', { method })).toMatchObject({
      status: 404,
      body: { code: 'path_not_found', detail: 'The request 99999 was not found.' },
    })
  })

  test.each(['0', '01', 'x', '-1', '1e3'])('GET of %s is 400', async (id) => {
    const { status, body } = await ask(api, `/v1/requests/${id}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'parameter_invalid', errors: [{ pointer: '/id' }] })
  })
})

test('DELETE removes a request from any state, once', async () => {
  for (const id of [await queued(), await ready(), await failed()]) {
    const path = `/v1/requests/${id}`
    const deleted = await api.call(path, { method: 'DELETE' })
    expect(deleted.status).toBe(204)
    expect(await deleted.text()).toBe('')
    expect((await api.call(path, { method: 'DELETE' })).status).toBe(404)
    expect((await api.call(path)).status).toBe(404)
    expect((await api.call(`/v1/keys/${id}`)).status).toBe(404)
  }
})

describe('POST /v1/requests/{id}/retry', () => {
  const retry = (id: string) => ask(api, `/v1/requests/${id}/retry`, { method: 'POST' })

  test('queues a failed request again under its id', async () => {
    const id = await failed()
    const again = await retry(id)
    expect(again).toMatchObject({ status: 202, body: { id, state: 'queued' } })
    expect(again.headers.get('location')).toBe(`/v1/requests/${id}`)
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    await (await take(api.redis, id)).finish()
    expect((await ask(api, `/v1/requests/${id}`)).body.state).toBe('ready')
  })

  test('is 409 for a request in another state, and 404 for none', async () => {
    const ofReady = await retry(await ready())
    expect(ofReady).toMatchObject({ status: 409, body: { code: 'request_not_failed' } })
    expect(ofReady.body.detail).toContain('is ready')
    expect((await retry(await queued())).status).toBe(409)
    expect((await retry('99999')).status).toBe(404)
  })
})

describe('GET /v1/requests', () => {
  const list = (parameters: Record<string, string>) =>
    ask<RequestListView & ProblemView>(api, `/v1/requests?${new URLSearchParams(parameters)}`)
  const idsOf = ({ body }: { body: RequestListView }) => body.requests.map(({ id }) => id)

  test('lists newest first, page by page, without CSRs and problems', async () => {
    const ids = [await queued(), await ready(), await failed()].toReversed()
    const first = await list({ limit: '2' })
    expect(idsOf(first)).toEqual(ids.slice(0, 2))
    expect(first.body.requests[1]).toEqual({
      id: ids[1],
      state: 'ready',
      commonName: 'edge-1.example.com',
      key: { id: ids[1], algorithm: 'ecdsa-p256' },
      times: expect.anything(),
      links: { self: `/v1/requests/${ids[1]}`, key: `/v1/keys/${ids[1]}` },
    })
    const second = await list({ limit: '1', cursor: first.body.next ?? '' })
    expect(idsOf(second)).toEqual(ids.slice(2))
  })

  test('finds by id, by the start of a ref and of a common name, and by state', async () => {
    const id = await ready({ ref: 'Rack-7/slot-1', subject: { CN: 'Find.example.com' } })
    const other = await queued({ ref: 'rack-7/slot-2', subject: { CN: 'lost.find.example.com' } })
    expect(idsOf(await list({ q: id }))).toContain(id)
    expect(idsOf(await list({ q: 'Rack-7/' }))).toEqual([id])
    expect(idsOf(await list({ q: 'fIND.' }))).toEqual([id])
    expect(idsOf(await list({ q: '.*' }))).toEqual([])
    expect(idsOf(await list({ q: 'find', state: 'failed' }))).toEqual([])
    expect(idsOf(await list({ state: 'queued', limit: '1' }))).toEqual([other])
  })

  test('says which parameter is wrong', async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ state: 'done' }, '/state'],
      [{ limit: '0' }, '/limit'],
      [{ limit: '201' }, '/limit'],
      [{ q: '' }, '/q'],
      [{ cursor: 'x y' }, '/cursor'],
      [{ cursor: 'abc' }, '/cursor'],
      [{ cursor: Buffer.from('{"from":"0"}').toString('base64url') }, '/cursor'],
      [{ page: '1' }, '/page'],
    ]
    for (const [parameters, pointer] of wrong) {
      const { status, body } = await list(parameters)
      expect(status).toBe(400)
      expect(body).toMatchObject({ code: 'parameter_invalid', errors: [{ pointer }] })
    }
    expect((await api.call('/v1/requests?limit=1&limit=2')).status).toBe(400)
  })
})

test.each([
  ['PATCH', '/v1/requests', 'GET, HEAD, POST'],
  ['POST', '/v1/requests/1', 'GET, HEAD, DELETE'],
  ['GET', '/v1/requests/1/retry', 'POST'],
  ['DELETE', '/v1/keys', 'GET, HEAD, POST'],
  ['PUT', '/v1/keys/1', 'GET, HEAD, DELETE'],
  ['POST', '/v1/policy', 'GET, HEAD, PUT'],
])('%s %s is 405 with Allow', async (method, path, allow) => {
  const { status, headers, body } = await ask(api, path, { method })
  expect(headers.get('allow')).toBe(allow)
  expect({ status, code: body.code }).toEqual({ status: 405, code: 'operation_not_supported' })
})

test('an unknown URL is 404, and a caller without credentials 401, as problem documents', async () => {
  const unknown = await ask(api, '/v1/nothing')
  expect(unknown).toMatchObject({ status: 404, body: { code: 'resource_unknown', status: 404 } })
  expect(unknown.body.recovery).toBeTruthy()
  const stranger = await ask(api, '/v1/requests', { headers: { authorization: '' } })
  expect(stranger).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
  expect(stranger.headers.get('content-type')).toBe('application/problem+json')
  expect(stranger.body.requestId).toBe(stranger.headers.get('x-request-id'))
})

test('HEAD is GET without the body', async () => {
  const response = await api.call('/v1/requests', { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
})
