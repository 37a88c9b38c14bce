import { describe, expect, test } from 'vitest'
import { startApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import {
  csrOf,
  csrs,
  documentOf,
  errorsOf,
  failNewest,
  makeNewest,
  mediaType,
  post,
  related,
  storedSpec,
} from './calls.ts'

const api = withApi({ holdMs: 20 })

const sans = ['www.example.com']
const oddKeyId = 'relationships.tls_private_key.id'
const send = (body: unknown, headers?: Record<string, string>) =>
  api.call(csrs, post(body, headers))

/** Asks and does not wait; gives the spec that was recorded. */
async function specOf(attributes: object, more: object = {}) {
  const response = await send(csrOf(attributes, more), { prefer: 'respond-async' })
  const { data } = await documentOf(response)
  return { status: response.status, spec: await storedSpec(api, data?.id ?? '') }
}

const nextLot = async () => Number((await api.redis.get('{s10}:next-lot')) ?? 0)

/** Asks for a CSR, which a worker makes while the call is held. */
async function made(attributes: object, id = {}) {
  const lot = await nextLot()
  const call = send(csrOf(attributes, id), { prefer: 'wait=50' })
  await expect.poll(nextLot, { timeout: 20_000 }).toBe(lot + 1)
  await makeNewest(api)
  return call
}

/** The codes and pointers of what a body is refused for. */
async function faultsOf(body: unknown) {
  const { status, errors } = await errorsOf(await send(body))
  expect(status).toBe(400)
  for (const error of errors) expect(error).toMatchObject({ status: '400' })
  return errors.map(({ code, source }) => `${code} ${source?.pointer}`)
}

describe('the error states of the vendor', () => {
  test.each([
    ['absent', {}, '/data/attributes'],
    ['null', { sans: null }, '/data/attributes/sans'],
    ['empty', { sans: [] }, '/data/attributes/sans'],
  ])('sans field is not specified (%s): 400', async (_, attributes, pointer) => {
    expect(await faultsOf(csrOf(attributes))).toEqual([`sans_required ${pointer}`])
  })

  test.each([
    ['data', {}, ''],
    ['attributes', { data: { type: 'csr' } }, '/data'],
  ])('sans field is not specified, %s neither: 400', async (_, body, pointer) => {
    expect(await faultsOf(body)).toEqual([`sans_required ${pointer}`])
  })

  test.each(['RSA1024', 'rsa2048', 'constructor', '', 7, {}])(
    'key_type %j is not included in the allowed values: 400',
    async (key_type) => {
      const faults = await faultsOf(csrOf({ sans, key_type }))
      expect(faults).toEqual(['key_type_not_allowed /data/attributes/key_type'])
    },
  )

  test.each([
    ['relationship', { sans, key_type: 'RSA2048' }, related('1')],
    ['attribute', { sans, key_type: 'RSA2048', [oddKeyId]: '1' }, {}],
  ])('tls_private_key (%s) and key_type are both specified: 400', async (_, attributes, more) => {
    const faults = await faultsOf(csrOf(attributes, more))
    expect(faults).toEqual(['key_and_key_type /data/attributes/key_type'])
  })

  test.each(['999999', '3Fai6mXLnZGqgjmDU6nWTM', '../1', '1e3', '01'])(
    'tls_private_key %s is not found: 404',
    async (id) => {
      const places = [
        [csrOf({ sans }, related(id)), '/data/relationships/tls_private_key/data/id'],
        [csrOf({ sans, [oddKeyId]: id }), `/data/attributes/${oddKeyId}`],
      ] as const
      for (const [body, pointer] of places) {
        const { status, errors } = await errorsOf(await send(body))
        expect(status).toBe(404)
        expect(errors).toMatchObject([
          {
            status: '404',
            code: 'tls_private_key_not_found',
            title: 'Not found',
            detail: 'The tls_private_key was not found',
            links: { about: '/docs/errors#tls_private_key_not_found' },
            source: { pointer },
          },
        ])
      }
    },
  )
})

test('all faults of a body come in one answer, each with its place', async () => {
  const attributes = {
    sans: ['a.example.com', 'printer', '10.0.0.1', 5, 'a.example.com'],
    common_name: '',
    country: 'XX',
    email: 'nobody',
    key_type: 'DSA',
    colour: 'red',
    'a/b~c': 1,
  }
  expect(
    (await faultsOf(csrOf(attributes, { type: 'certificate', ...related('1') }))).toSorted(),
  ).toEqual(
    [
      'attribute_invalid /data/type',
      'attribute_invalid /data/attributes/sans/1',
      'attribute_invalid /data/attributes/sans/2',
      'attribute_invalid /data/attributes/sans/3',
      'attribute_invalid /data/attributes/common_name',
      'attribute_invalid /data/attributes/country',
      'attribute_invalid /data/attributes/email',
      'attribute_unknown /data/attributes/a~1b~0c',
      'attribute_unknown /data/attributes/colour',
      'key_type_not_allowed /data/attributes/key_type',
      'key_and_key_type /data/attributes/key_type',
    ].toSorted(),
  )
})

test('what is missing is told beside what is wrong elsewhere', async () => {
  expect((await faultsOf({ data: { type: 'x', relationships: 5 }, more: 1 })).toSorted()).toEqual([
    'attribute_invalid /data/relationships',
    'attribute_invalid /data/type',
    'attribute_unknown /more',
    'sans_required /data',
  ])
})

test.each([[[]], ['text'], [null], [{ data: [] }], [{ data: { attributes: 'x' } }]])(
  'a body of another form is 400: %j',
  async (body) => {
    expect((await faultsOf(JSON.parse(JSON.stringify(body)))).length).toBeGreaterThan(0)
  },
)

test('a name that means something to JavaScript is as unknown as any other', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const text = `{"data":{"attributes":{"sans":["a.example.com"],"${name}":{"city":"x"}}}}`
    const { status, errors } = await errorsOf(await api.call(csrs, post(text)))
    expect(status).toBe(400)
    expect(errors).toMatchObject([
      { code: 'attribute_unknown', source: { pointer: `/data/attributes/${name}` } },
    ])
  }
})

describe('sans', () => {
  test.each([
    ['localhost', 'at least 2 are needed'],
    ['*', 'a * that is not alone'],
    ['*.com', 'at least 2 are needed'],
    ['*.co.uk', 'public suffix'],
    ['a..b.example', 'empty label'],
    ['a_b.example.com', '"_"'],
    ['192.0.2.10', 'private, loopback or reserved'],
    ['10.1.2.3', 'private, loopback or reserved'],
    ['127.0.0.1', 'private, loopback or reserved'],
    ['169.254.1.1', 'private, loopback or reserved'],
    ['224.0.0.1', 'private, loopback or reserved'],
    ['::1', 'private, loopback or reserved'],
    ['::ffff:8.8.8.8', 'private, loopback or reserved'],
    ['fd00::1', 'private, loopback or reserved'],
    ['fe80::1', 'private, loopback or reserved'],
    ['2001:db8::1', 'private, loopback or reserved'],
    ['8.8.8', 'number as its last label'],
    ['8.8.8.8/32', '"/"'],
    ['https://www.example.com', '":"'],
    ['', 'empty'],
  ])('%j is refused', async (san, reason) => {
    const { status, errors } = await errorsOf(await send(csrOf({ sans: ['ok.example.com', san] })))
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ source: { pointer: '/data/attributes/sans/1' } }])
    expect(errors[0]?.detail).toMatch(/^sans\[1\] .*\.$/)
    expect(errors[0]?.detail).toContain(reason)
  })

  test('host names, wildcards and public addresses are taken as they are, other scripts as A-labels', async () => {
    const given = [
      '*.example.com',
      'WWW.Example.com',
      '8.8.8.8',
      '2606:4700::1111',
      'bücher.example.com',
    ]
    expect((await specOf({ sans: given })).spec.subjectAltNames).toEqual([
      { type: 'dns', value: '*.example.com' },
      { type: 'dns', value: 'WWW.Example.com' },
      { type: 'ip', value: '8.8.8.8' },
      { type: 'ip', value: '2606:4700::1111' },
      { type: 'dns', value: 'xn--bcher-kva.example.com' },
    ])
  })

  test('250 are taken, 251 are one fault, whatever they are', async () => {
    const many = Array.from({ length: 250 }, (_, i) => `n${i}.example.com`)
    expect((await specOf({ sans: many })).status).toBe(202)
    const fault = ['attribute_invalid /data/attributes/sans']
    expect(await faultsOf(csrOf({ sans: [...many, 'n250.example.com'] }))).toEqual(fault)
    expect(await faultsOf(csrOf({ sans: Array.from({ length: 5_000 }, () => 1) }))).toEqual(fault)
  })
})

describe('what is recorded', () => {
  test('the subject in the documented order, email in it, nothing added', async () => {
    const { spec } = await specOf({
      sans,
      email: 'ops@example.com',
      common_name: 'www.example.com',
      organizational_unit: 'Web',
      organization: 'Exämple Ltd.',
      street_address: '1 Main Street',
      postal_code: '27601',
      city: 'Raleigh',
      state: 'North Carolina',
      country: 'US',
    })
    expect(spec.subject).toEqual([
      [{ type: 'C', value: 'US' }],
      [{ type: 'ST', value: 'North Carolina' }],
      [{ type: 'L', value: 'Raleigh' }],
      [{ type: 'postalCode', value: '27601' }],
      [{ type: 'street', value: '1 Main Street' }],
      [{ type: 'O', value: 'Exämple Ltd.' }],
      [{ type: 'OU', value: 'Web' }],
      [{ type: 'CN', value: 'www.example.com' }],
      [{ type: 'emailAddress', value: 'ops@example.com' }],
    ])
    expect(spec.subjectAltNames).toEqual([{ type: 'dns', value: 'www.example.com' }])
  })

  test('null attributes are none, without common_name the subject is empty', async () => {
    const nothing = { common_name: null, city: null, key_type: null, [oddKeyId]: null }
    expect((await specOf({ sans, ...nothing })).spec).toEqual({
      subject: [],
      subjectAltNames: [{ type: 'dns', value: 'www.example.com' }],
      key: { algorithm: 'rsa-2048', digest: 'sha256' },
      custody: 'internal',
    })
  })

  test('key_type says which key; without it RSA2048', async () => {
    const keyOf = async (attributes: object) => (await specOf({ sans, ...attributes })).spec.key
    expect(await keyOf({})).toEqual({ algorithm: 'rsa-2048', digest: 'sha256' })
    expect(await keyOf({ key_type: 'RSA2048' })).toEqual({
      algorithm: 'rsa-2048',
      digest: 'sha256',
    })
    expect(await keyOf({ key_type: 'ECDSA256' })).toEqual({
      algorithm: 'ecdsa-p256',
      digest: 'sha256',
    })
  })

  test('the custody of a new key is the one of the policy', async () => {
    const policy = { lxcaSpec: 'DEFAULT', defaultKey: 'ecdsa-p256' }
    const put = (defaultCustody: string) => {
      const body = JSON.stringify({ ...policy, defaultCustody })
      const headers = { 'content-type': 'application/json' }
      return api.call('/v1/policy', { method: 'PUT', headers, body })
    }
    expect((await put('exportable')).status).toBe(200)
    expect((await specOf({ sans })).spec.custody).toBe('exportable')
    expect((await put('internal')).status).toBe(200)
  })

  test.each([['csr'], [''], [null]])('data.type may be %j', async (type) => {
    expect((await specOf({ sans }, { type })).status).toBe(202)
  })

  test('a blank id of a key is none', async () => {
    for (const id of ['', ' ', null]) {
      const { spec } = await specOf({ sans, key_type: 'ECDSA256', [oddKeyId]: id }, related(id))
      expect(spec.key.algorithm).toBe('ecdsa-p256')
    }
    const none = { relationships: { tls_private_key: { data: null } } }
    expect((await specOf({ sans }, none)).status).toBe(202)
  })
})

describe('a CSR for a key that is there', () => {
  test('both shapes of its id are taken, one by one and together; the lane is the fast one', async () => {
    const { data } = await documentOf(await made({ sans, key_type: 'ECDSA256' }))
    const id = data?.id ?? ''
    const shapes = [
      csrOf({ sans }, related(id)),
      csrOf({ sans, [oddKeyId]: id }),
      csrOf({ sans, [oddKeyId]: id }, related(id)),
    ]
    for (const body of shapes) {
      const response = await send(body, { prefer: 'respond-async' })
      expect(response.status).toBe(202)
      const own = (await documentOf(response)).data?.id ?? ''
      const record = await api.redis.hgetall(`{s10}:t:default:request:${own}`)
      expect(record).toMatchObject({ lane: 'fast', key: id })
      expect(JSON.parse(record.spec ?? '')).toMatchObject({
        key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
      })
    }
  })

  test('both shapes that differ are 400, a key of another tenant is 404', async () => {
    const faults = await faultsOf(csrOf({ sans, [oddKeyId]: '2' }, related('1')))
    expect(faults).toEqual([`attribute_invalid /data/attributes/${oddKeyId}`])
    await api.redis.hset('{s10}:t:other:key:77', {
      algorithm: 'rsa-2048',
      spki: 'x',
      custody: 'internal',
    })
    expect((await send(csrOf({ sans }, related('77')))).status).toBe(404)
  })
})

describe('the answer', () => {
  test('201 with Location and the CSR, once a worker has made it while the call was held', async () => {
    const response = await made({ sans, common_name: 'www.example.com', key_type: 'ECDSA256' })
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toBe(mediaType)
    expect(response.headers.get('preference-applied')).toBe('wait=50')
    const { data, ...rest } = await documentOf(response)
    expect(rest).toEqual({})
    expect(response.headers.get('location')).toBe(`${csrs}/${data?.id}`)
    expect(data).toEqual({
      id: expect.stringMatching(/^\d+$/),
      type: 'csr',
      attributes: {
        content: expect.stringMatching(
          /^-----BEGIN CERTIFICATE REQUEST-----\n[\s\S]+\n-----END CERTIFICATE REQUEST-----\n$/,
        ),
      },
      relationships: { tls_private_key: { data: { type: 'tls_private_key', id: data?.id } } },
    })
  })

  test.each([
    ['www.example.com', undefined],
    ['WWW.EXAMPLE.COM', undefined],
    ['8.8.4.4', undefined],
    ['other.example.com', [expect.stringContaining('common_name is not one of the sans')]],
    ['Example Ltd.', [expect.stringContaining('common_name is not one of the sans')]],
  ])('a common_name of %j among the sans or not: meta.warnings', async (common_name, warnings) => {
    const response = await send(csrOf({ sans: [...sans, '8.8.4.4'], common_name }))
    expect((await documentOf(response)).meta?.warnings).toEqual(warnings)
  })

  test('not made in time: 202 with the job, and when to ask again', async () => {
    const response = await send(csrOf({ sans }))
    expect(response.status).toBe(202)
    expect(response.headers.get('content-type')).toBe(mediaType)
    expect(response.headers.get('location')).toBeNull()
    const { data } = await documentOf(response)
    expect(response.headers.get('content-location')).toBe(`/tls/csr_jobs/${data?.id}`)
    const retryAfter = Number(response.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    expect(data).toEqual({
      id: expect.stringMatching(/^\d+$/),
      type: 'csr_jobs',
      attributes: {
        status: 'queued',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        retry_after: retryAfter,
      },
    })
  })

  test('respond-async is 202 at once; with wait=n the wait comes first', async () => {
    const ask = async (prefer: string) => {
      const started = performance.now()
      const response = await send(csrOf({ sans }), { prefer })
      const applied = response.headers.get('preference-applied')
      return { status: response.status, applied, ms: performance.now() - started }
    }
    expect(await ask('respond-async')).toMatchObject({ status: 202, applied: 'respond-async' })
    const waited = await ask('respond-async, wait=1')
    expect(waited).toMatchObject({ status: 202, applied: 'respond-async, wait=1' })
    expect(waited.ms).toBeGreaterThan(950)
    expect(await ask('wait=0')).toMatchObject({ status: 202, applied: 'wait=0' })
  })

  test('a request that fails while held is 500 with the stored problem', async () => {
    const lot = await nextLot()
    const call = send(csrOf({ sans }), { prefer: 'wait=50' })
    await expect.poll(nextLot, { timeout: 20_000 }).toBe(lot + 1)
    await failNewest(api, 'worker_died')
    const { status, errors } = await errorsOf(await call)
    expect(status).toBe(500)
    expect(errors).toMatchObject([{ status: '500', code: 'worker_died' }])
  })
})

test('a request that is recorded when Redis goes away is 202, for a 503 would make the caller ask twice', async () => {
  await using other = await startApi({ redisUrl: api.redisUrl })
  const lot = await nextLot()
  const call = other.call(csrs, post(csrOf({ sans }), { prefer: 'wait=1' }))
  await expect
    .poll(() => Promise.all([nextLot(), other.held()]), { timeout: 20_000 })
    .toEqual([lot + 1, 1])
  other.redis.disconnect()
  const response = await call
  const id = await makeNewest(api)
  expect(response.status).toBe(202)
  expect(response.headers.get('content-location')).toBe(`/tls/csr_jobs/${id}`)
  expect(response.headers.get('retry-after')).toBe('2')
  expect((await documentOf(response)).data).toMatchObject({ id, type: 'csr_jobs' })
})

describe('the media type of the body', () => {
  test.each([
    mediaType,
    'application/json',
    `${mediaType}; charset=utf-8`,
    'application/json;charset=UTF-8',
    'Application/Vnd.Api+Json',
  ])('%s is taken', async (type) => {
    expect((await send(csrOf({ sans }), { 'content-type': type })).status).toBe(202)
  })

  test.each([
    '',
    'text/plain',
    `${mediaType}; ext="https://example.com/x"`,
    `${mediaType}; charset=latin1`,
    'application/vnd.api',
  ])('%j is refused', async (type) => {
    const { status, errors } = await errorsOf(await send(csrOf({ sans }), { 'content-type': type }))
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ code: 'content_type_unsupported' }])
  })
})
