import { cancelRequest } from '@csr-foundry/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultPlace, startApi, type TestApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import {
  csrOf,
  csrs,
  documentOf,
  errorsOf,
  failNewest,
  keys,
  makeNewest,
  mediaType,
  post,
  startNewest,
} from './calls.ts'

const api = withApi({ holdMs: 20 })

const body = csrOf({ sans: ['www.example.com'], key_type: 'ECDSA256' })
const jobs = '/tls/csr_jobs'

/** Asks for a CSR and does not wait; gives its id. */
async function asked(): Promise<string> {
  const response = await api.call(csrs, post(body, { prefer: 'respond-async' }))
  return (await documentOf(response)).data?.id ?? ''
}

describe('GET of a CSR', () => {
  test('that is made is 200 with its PEM and its key', async () => {
    const id = await asked()
    await makeNewest(api)
    const response = await api.call(`${csrs}/${id}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(mediaType)
    expect(await documentOf(response)).toEqual({
      data: {
        id,
        type: 'csr',
        attributes: { content: expect.stringContaining('BEGIN CERTIFICATE REQUEST') },
        relationships: { tls_private_key: { data: { type: 'tls_private_key', id } } },
      },
    })
  })

  test('that is not made yet is held, then 202 with its job', async () => {
    const id = await asked()
    const started = performance.now()
    const response = await api.call(`${csrs}/${id}`)
    expect(performance.now() - started).toBeGreaterThanOrEqual(18)
    expect(response.status).toBe(202)
    expect(response.headers.get('content-location')).toBe(`${jobs}/${id}`)
    expect((await documentOf(response)).data).toMatchObject({ id, type: 'csr_jobs' })
  })

  test('is answered as soon as a worker is done', async () => {
    const id = await asked()
    const call = api.call(`${csrs}/${id}`, { headers: { prefer: 'wait=10' } })
    await makeNewest(api)
    expect((await call).status).toBe(200)
  })

  test('that has failed is 500 with the stored problem, as is its job', async () => {
    const id = await asked()
    await failNewest(api, 'csr_not_made')
    for (const path of [`${csrs}/${id}`, `${jobs}/${id}`]) {
      const { status, errors } = await errorsOf(await api.call(path))
      expect(status).toBe(500)
      expect(errors).toMatchObject([{ status: '500', code: 'csr_not_made' }])
    }
  })
})

describe('a job', () => {
  test('is 200 while it is queued and while it is running, with when to ask again', async () => {
    const id = await asked()
    const look = async () => {
      const response = await api.call(`${jobs}/${id}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(mediaType)
      const { data } = await documentOf(response)
      expect(response.headers.get('retry-after')).toBe(String(data?.attributes.retry_after))
      return data
    }
    expect(await look()).toMatchObject({ id, type: 'csr_jobs', attributes: { status: 'queued' } })
    await startNewest(api)
    expect(await look()).toMatchObject({ id, attributes: { status: 'running' } })
  })

  test('is 303 to the CSR once that is made, without a body', async () => {
    const id = await asked()
    await makeNewest(api)
    const response = await api.call(`${jobs}/${id}`)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${csrs}/${id}`)
    expect(await response.text()).toBe('')
  })
})

describe('DELETE of a CSR', () => {
  test('is 204 without a body, from any state, once; then the CSR and its job are 404', async () => {
    for (const settle of [
      async () => {},
      makeNewest,
      (a: TestApi) => failNewest(a, 'worker_died'),
    ]) {
      const id = await asked()
      await settle(api)
      const deleted = await api.call(`${csrs}/${id}`, { method: 'DELETE' })
      expect(deleted.status).toBe(204)
      expect(await deleted.text()).toBe('')
      expect((await api.call(`${csrs}/${id}`, { method: 'DELETE' })).status).toBe(404)
      expect((await api.call(`${csrs}/${id}`)).status).toBe(404)
      expect((await api.call(`${jobs}/${id}`)).status).toBe(404)
    }
  })

  test('leaves the key that was made, which then nobody uses and which can be deleted', async () => {
    const id = await asked()
    await makeNewest(api)
    expect((await api.call(`${keys}/${id}`, { method: 'DELETE' })).status).toBe(409)
    await api.call(`${csrs}/${id}`, { method: 'DELETE' })
    expect((await api.call(`${keys}/${id}`)).status).toBe(200)
    expect((await api.call(`${keys}/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await api.call(`${keys}/${id}`)).status).toBe(404)
  })

  test('wakes a call that is held for it: 404', async () => {
    const id = await asked()
    const call = api.call(`${csrs}/${id}`, { headers: { prefer: 'wait=10' } })
    await api.call(`${csrs}/${id}`, { method: 'DELETE' })
    expect((await call).status).toBe(404)
  })
})

test.each(['999999', '0', '01', 'x', '3Fai6mXLnZGqgjmDU6nWTM', '%00', '1%2F2', '-1'])(
  'an id that never was (%s) is 404 for every call, in the words of the vendor',
  async (id) => {
    for (const path of [`${csrs}/${id}`, `${jobs}/${id}`]) {
      const { status, errors } = await errorsOf(await api.call(path))
      expect(status).toBe(404)
      expect(errors).toMatchObject([
        {
          status: '404',
          code: 'path_not_found',
          title: 'Not found',
          detail: 'The certificate_signing_request was not found',
        },
      ])
    }
    expect((await api.call(`${csrs}/${id}`, { method: 'DELETE' })).status).toBe(404)
  },
)

describe('the list of CSRs', () => {
  let own: TestApi
  let ids: string[] = []
  const idAsked = async () => (await documentOf(await own.call(csrs, post(body)))).data?.id ?? ''
  beforeAll(async () => {
    own = await startApi()
    const ready = await idAsked()
    await makeNewest(own)
    const failed = await idAsked()
    await failNewest(own, 'worker_died')
    const cancelled = await idAsked()
    await cancelRequest(own.redis, defaultPlace, cancelled)
    const deleted = await idAsked()
    await own.call(`${csrs}/${deleted}`, { method: 'DELETE' })
    const running = await idAsked()
    await startNewest(own)
    ids = [await idAsked(), running, cancelled, failed, ready]
  })
  afterAll(async () => {
    await own[Symbol.asyncDispose]()
  })

  test('has all that are not deleted, newest first; those without a CSR say their state', async () => {
    const response = await own.call(csrs)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(mediaType)
    const { data, ...rest } = (await response.json()) as { data: { id: string; meta: object }[] }
    expect(data.map(({ id }) => id)).toEqual(ids)
    expect(data.map(({ meta }) => meta)).toEqual(
      ['queued', 'running', 'cancelled', 'failed', 'ready'].map((status) => ({ status })),
    )
    expect(data[0]).toMatchObject({
      type: 'csr',
      attributes: { content: null },
      relationships: { tls_private_key: { data: null } },
      links: { self: `${csrs}/${ids[0]}` },
    })
    expect(data[4]).toMatchObject({
      attributes: { content: expect.stringContaining('BEGIN') },
      relationships: { tls_private_key: { data: { type: 'tls_private_key', id: ids[4] } } },
    })
    expect(rest).toEqual({ links: { next: null } })
  })

  test('names one that was cancelled, of which GET is 404', async () => {
    const { status, errors } = await errorsOf(await own.call(`${csrs}/${ids[2]}`))
    expect(status).toBe(404)
    expect(errors).toMatchObject([{ code: 'request_cancelled' }])
  })

  test('goes on by links.next, each once; page[after] may be the last id of a page', async () => {
    const seen: string[] = []
    let next: string | null | undefined = `${csrs}?page[size]=1`
    while (next) {
      const page = (await (await own.call(next)).json()) as {
        data: { id: string }[]
        links: { next: string | null }
      }
      seen.push(...page.data.map(({ id }) => id))
      next = page.links.next
    }
    expect(seen).toEqual(ids)
    const after = await (
      await own.call(`${csrs}?page%5Bafter%5D=${ids[1]}&page%5Bsize%5D=3`)
    ).json()
    expect((after as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(ids.slice(2))
    const end = (await (await own.call(`${csrs}?page[after]=1`)).json()) as object
    expect(end).toEqual({ data: [], links: { next: null } })
  })
})

describe('query parameters', () => {
  test.each([
    [`${csrs}?page[size]=0`, 'page[size]'],
    [`${csrs}?page[size]=101`, 'page[size]'],
    [`${csrs}?page[size]=ten`, 'page[size]'],
    [`${csrs}?page[size]=1&page[size]=2`, 'page[size]'],
    [`${csrs}?page[after]=0`, 'page[after]'],
    [`${csrs}?page[number]=1`, 'page[number]'],
    [`${csrs}?sort=-id`, 'sort'],
    [`${csrs}?a/b~c=1`, 'a/b~c'],
    [`${csrs}/1?include=tls_private_key`, 'include'],
    [`${jobs}/1?x=1`, 'x'],
    [`${keys}?filter[in_use]=true`, 'filter[in_use]'],
    [`${keys}?filter[in_use]=`, 'filter[in_use]'],
    [`${keys}?page[number]=0`, 'page[number]'],
    [`${keys}?page[number]=9999999999`, 'page[number]'],
    [`${keys}?page[size]=1000`, 'page[size]'],
    [`${keys}?page[after]=1`, 'page[after]'],
    [`${keys}/1?x=1`, 'x'],
  ])('GET %s is 400 that names it', async (path, parameter) => {
    const { status, errors } = await errorsOf(await api.call(path))
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ code: 'parameter_invalid', source: { parameter } }])
    expect(errors[0]?.detail).toContain(`${parameter} `)
  })

  test.each([
    ['POST', csrs],
    ['POST', keys],
    ['DELETE', `${csrs}/1`],
    ['DELETE', `${keys}/1`],
  ])('%s %s?x=1 is 400', async (method, path) => {
    const { status, errors } = await errorsOf(await api.call(`${path}?x=1`, { method }))
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ source: { parameter: 'x' } }])
  })
})

describe('methods and paths', () => {
  test.each([
    ['PUT', csrs, 'GET, HEAD, POST'],
    ['PATCH', `${csrs}/1`, 'GET, HEAD, DELETE'],
    ['POST', `${csrs}/1`, 'GET, HEAD, DELETE'],
    ['DELETE', `${jobs}/1`, 'GET, HEAD'],
    ['DELETE', keys, 'GET, HEAD, POST'],
    ['PUT', `${keys}/1`, 'GET, HEAD, DELETE'],
  ])('%s %s is 405 with Allow', async (method, path, allow) => {
    const response = await api.call(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    expect(response.headers.get('content-type')).toBe(mediaType)
    const { status, errors } = await errorsOf(response)
    expect(status).toBe(405)
    expect(errors).toMatchObject([{ status: '405', code: 'operation_not_supported' }])
  })

  test.each(['/tls', '/tls/', '/tls/certificates', '/tls/csr_jobs', `${csrs}/1/2`, '/tls/x/y'])(
    '%s is 404 in the same shape',
    async (path) => {
      const response = await api.call(path)
      expect(response.headers.get('content-type')).toBe(mediaType)
      const { status, errors } = await errorsOf(response)
      expect(status).toBe(404)
      expect(errors).toMatchObject([
        { status: '404', code: 'resource_unknown', title: 'Not found' },
      ])
    },
  )

  test('HEAD is GET without the body', async () => {
    const id = await asked()
    await makeNewest(api)
    for (const path of [csrs, `${csrs}/${id}`, keys, `${keys}/${id}`]) {
      const head = await api.call(path, { method: 'HEAD' })
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe(mediaType)
      expect(await head.text()).toBe('')
    }
    expect((await api.call(`${jobs}/${id}`, { method: 'HEAD' })).status).toBe(303)
  })
})

describe('who may call', () => {
  test.each([
    ['nothing', {}],
    ['a wrong token', { 'fastly-key': 'guessed' }],
    ['an empty token', { 'fastly-key': '' }],
    ['a token that is none', { authorization: 'Bearer guessed' }],
  ])('%s: 401 with the body of the vendor', async (_, headers) => {
    for (const [method, path] of [
      ['GET', csrs],
      ['POST', csrs],
      ['GET', `${csrs}/1`],
      ['GET', `${jobs}/1`],
      ['GET', keys],
      ['DELETE', `${keys}/1`],
    ] as const) {
      const response = await api.call(path, { method, headers: { authorization: '', ...headers } })
      expect(response.status).toBe(401)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(await response.text()).toBe('{"msg":"Provided credentials are missing or invalid"}')
    }
  })

  test('a token in Fastly-Key is the caller; a role that is missing: 403 in the dialect’s shape', async () => {
    const token = (await api.bearer(['read'])).slice('Bearer '.length)
    const headers = { authorization: '', 'fastly-key': token }
    expect((await api.call(csrs, { headers })).status).toBe(200)
    for (const call of [
      api.call(csrs, post(body, headers)),
      api.call(keys, post({}, headers)),
      api.call(`${csrs}/1`, { method: 'DELETE', headers }),
      api.call(`${keys}/1`, { method: 'DELETE', headers }),
    ]) {
      const { status, errors } = await errorsOf(await call)
      expect(status).toBe(403)
      expect(errors).toMatchObject([{ status: '403', code: 'role_missing' }])
    }
    const writer = { authorization: await api.bearer(['submit']) }
    for (const path of [csrs, `${csrs}/1`, '/tls/csr_jobs/1', keys, `${keys}/1`]) {
      expect((await api.call(path, { headers: writer })).status).toBe(403)
    }
  })

  test('a page of another site: 403 in the dialect’s shape', async () => {
    const response = await api.call(csrs, post(body, { origin: 'https://evil.example' }))
    const { status, errors } = await errorsOf(response)
    expect(status).toBe(403)
    expect(errors).toMatchObject([{ status: '403', code: 'origin_refused' }])
  })
})

describe('every answer to a write says how much is left', () => {
  const isWhole = (text: string | null) => /^\d+$/.test(text ?? '')

  test.each([
    ['that works', () => api.call(csrs, post(body)), 202],
    ['with a fault', () => api.call(csrs, post('{')), 400],
    [
      'without a caller',
      () => api.call(csrs, { method: 'POST', headers: { authorization: '' } }),
      401,
    ],
    ['of what is not there', () => api.call(`${keys}/999999`, { method: 'DELETE' }), 404],
  ])('one %s', async (_, call, status) => {
    const response = await call()
    expect(response.status).toBe(status)
    expect(isWhole(response.headers.get('fastly-ratelimit-remaining'))).toBe(true)
    const reset = response.headers.get('fastly-ratelimit-reset')
    expect(isWhole(reset)).toBe(true)
    expect(Number(reset)).toBeGreaterThan(Date.now() / 1_000 - 1)
    expect(Number(reset)).toBeLessThan(Date.now() / 1_000 + 4_000)
  })

  test('one beyond the limit: 429 with Retry-After, in the dialect’s shape', async () => {
    await using limited = await startApi({ redisUrl: api.redisUrl, writesPerMinute: 2 })
    const headers = { authorization: await api.bearer(['submit']), prefer: 'respond-async' }
    const send = () => limited.call(csrs, post(body, headers))
    const left = (response: Response) => Number(response.headers.get('fastly-ratelimit-remaining'))
    expect(left(await send())).toBe(1)
    expect(left(await send())).toBe(0)
    const response = await send()
    expect(response.status).toBe(429)
    expect(left(response)).toBe(0)
    const retryAfter = Number(response.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(0)
    const reset = Number(response.headers.get('fastly-ratelimit-reset'))
    expect(Math.abs(reset - Date.now() / 1_000 - retryAfter)).toBeLessThan(3)
    expect(await errorsOf(response)).toMatchObject({ errors: [{ code: 'writes_throttled' }] })
  })

  test('one to a read does not', async () => {
    const response = await api.call(csrs)
    expect(response.headers.get('fastly-ratelimit-remaining')).toBeNull()
  })
})

describe('bodies that are none', () => {
  test.each([
    ['{', 'body_malformed'],
    ['', 'body_malformed'],
    ['{"data":{},"data":{}}', 'body_malformed'],
  ])('%j is 400', async (text, code) => {
    for (const path of [csrs, keys]) {
      const { status, errors } = await errorsOf(await api.call(path, post(text)))
      expect(status).toBe(400)
      expect(errors).toMatchObject([{ status: '400', code }])
    }
  })

  test('one that is too large is 413, a compressed one 415', async () => {
    const large = await errorsOf(await api.call(csrs, post(' '.repeat(70_000))))
    expect(large).toMatchObject({ status: 413, errors: [{ code: 'body_too_large' }] })
    const packed = await errorsOf(await api.call(csrs, post(body, { 'content-encoding': 'gzip' })))
    expect(packed).toMatchObject({
      status: 415,
      errors: [{ code: 'content_encoding_unsupported' }],
    })
  })
})

test('a request made here is there for the other dialects, and theirs are here', async () => {
  const id = await asked()
  await makeNewest(api)
  const lxca = await api.call(`/certificateSigningRequest/${id}`)
  const { data } = await documentOf(await api.call(`${csrs}/${id}`))
  expect(await lxca.text()).toBe(data?.attributes.content)
  const { answer } = await api.create({})
  const path = String(answer.response?.path)
  expect((await api.call(`${csrs}/${path}`)).status).toBe(202)
  await makeNewest(api)
  expect((await api.call(`${csrs}/${path}`)).status).toBe(200)
})

test('a fault inside is 500 that says nothing of it', async () => {
  await api.redis.rename('{s10}:t:default:next-id', 'kept')
  await api.redis.set('{s10}:t:default:next-id', 'not a hash')
  const response = await api.call(csrs, post(body))
  await api.redis.rename('kept', '{s10}:t:default:next-id')
  const requestId = response.headers.get('x-request-id')
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ id: requestId, code: 'internal' }] })
  expect(text).not.toMatch(/WRONGTYPE|hash|redis/i)
})

test('a full Redis is 503 with Retry-After', async () => {
  await api.redis.config('SET', 'maxmemory', '1')
  try {
    // What is known of the room there is may be a second old.
    await expect
      .poll(async () => (await api.call(csrs, post(body))).status, { timeout: 10_000 })
      .toBe(503)
    const response = await api.call(csrs, post(body))
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await errorsOf(response)).toMatchObject({ errors: [{ code: 'storage_full' }] })
  } finally {
    await api.redis.config('SET', 'maxmemory', '1gb')
  }
})
