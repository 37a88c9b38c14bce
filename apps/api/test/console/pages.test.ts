import { type ActingPlace, readRequest } from '@csr-foundry/records'
import { beforeAll, describe, expect, test } from 'vitest'
import { post, send } from '../dialects/native/native-calls.ts'
import { take } from '../dialects/native/play-worker.ts'
import { defaultPlace } from '../start-api.ts'
import { withApi } from '../with-api.ts'
import { type Browser, browserWith, openBrowser } from './log-in.ts'
import { makeAcme } from './make-acme.ts'
import { consoleRouteTable } from './routes.ts'

const api = withApi()
const hostile = '"><script>alert(1)</script>&amp;'
const challenge = 'challenge-4711'
let admin: Browser
const ids = { ready: '', failed: '', batch: '' }

beforeAll(async () => {
  admin = await openBrowser(api, 'admin')
  const subject = { commonName: hostile, organization: hostile }
  const spec = { ref: hostile, subject, attributes: { challengePassword: challenge } }
  ids.ready = (await post(api, spec)).body.id
  await (await take(api.redis, ids.ready)).finish()
  ids.failed = (await post(api, { ref: hostile, subject })).body.id
  await (await take(api.redis, ids.failed)).fail()
  const rows = [
    { ref: hostile, subject },
    { ref: hostile, nope: 1 },
  ]
  ids.batch = (await send<{ id: string }>(api, 'POST', '/v1/batches', rows)).body.id
})

const pages = () => [
  ...consoleRouteTable
    .filter(
      ({ method, answers, route }) =>
        method === 'GET' && answers === 200 && !route.endsWith('figures'),
    )
    .map(({ route }) => route),
  `/dashboard/requests/${ids.ready}`,
  `/dashboard/requests/${ids.failed}`,
  `/dashboard/requests?q=${encodeURIComponent(hostile)}`,
  `/dashboard/batches/${ids.batch}`,
  '/dashboard/users/admin',
  '/dashboard/tenants/default',
  '/dashboard/requests/999999',
  '/dashboard/nowhere',
]

test('no page has anything inline or from elsewhere, and its policy does not let it', async () => {
  for (const path of pages()) {
    const { headers, text } = await admin.get(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).not.toMatch(/unsafe|https?:|\*|data:/)
    expect(text, path).not.toMatch(/<script>|<style| style=| on\w+=|(src|href)="(https?:|\/\/)/)
    expect(text, path).toMatch(/^<!doctype html>\n<html lang="en"/)
  }
})

test('what a client has sent is text on every page, never markup', async () => {
  let seen = 0
  for (const path of pages()) {
    const { text } = await admin.get(path)
    expect(text, path).not.toContain('<script>alert')
    expect(text, path).not.toContain(hostile)
    if (text.includes('&lt;script&gt;alert')) seen += 1
  }
  expect(seen).toBeGreaterThanOrEqual(4)
})

test('no page has a secret in it: no password, no session, no token, nothing sealed', async () => {
  const { cookie } = admin
  const bearer = (await api.bearer(['read'])).split(' ')[1] ?? ''
  for (const path of pages()) {
    const { text } = await admin.get(path)
    for (const secret of [
      cookie.split('=')[1] ?? '',
      bearer,
      challenge,
      'correct horse',
      'scrypt',
      'sealed',
    ])
      expect(text.includes(secret), `${path} ${secret}`).toBe(false)
  }
})

test('what the pages are made of is served to anybody, kept for ever, and nothing else is', async () => {
  const { text } = await browserWith(api, '').get('/dashboard/login')
  const files = [...text.matchAll(/(?:src|href)="(\/dashboard\/assets\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  expect(files.length).toBeGreaterThanOrEqual(4)
  const [file = ''] = files
  for (const path of files) {
    const { status, headers } = await browserWith(api, '').get(path)
    expect([path, status]).toEqual([path, 200])
    expect(headers.get('cache-control')).toContain('immutable')
  }
  for (const name of ['..%2Findex.ts', 'index.ts', 'console.css%00', '']) {
    const other = `${file.slice(0, file.lastIndexOf('/'))}/${name}`
    expect((await browserWith(api, '').get(other)).status, name).not.toBe(200)
  }
  const ofOther = file.replace(/assets\/[^/]+/, 'assets/older')
  expect((await browserWith(api, '').get(ofOther)).headers.get('cache-control')).toBe('no-store')
})

test('a request is told of with its timeline, its CSR in words, and its PEM', async () => {
  const id = (
    await post(api, {
      ref: 'rack-1',
      subject: { commonName: 'edge-1.example.com' },
      subjectAltNames: [{ type: 'ip', value: '192.0.2.10' }],
    })
  ).body.id
  expect((await admin.get(`/dashboard/requests/${id}`)).text).toContain('data-refresh')
  await (await take(api.redis, id)).finish()
  const { text } = await admin.get(`/dashboard/requests/${id}`)
  for (const word of [
    'rack-1',
    'CN = edge-1.example.com',
    '192.0.2.10',
    'ecdsa-p256 with sha256',
    'BEGIN CERTIFICATE REQUEST',
    'Taken by a worker',
  ]) {
    expect(text).toContain(word)
  }
  for (const q of [id, 'rack-', 'EDGE-1']) {
    expect((await admin.get(`/dashboard/requests?q=${q}`)).text).toContain(
      `/dashboard/requests/${id}"`,
    )
  }
  expect((await admin.get('/dashboard/requests?q=edge-1&state=failed')).text).not.toContain(
    `/requests/${id}"`,
  )
})

test('a search that is none is told so, and no page fails of what a link says', async () => {
  for (const query of ['state=nope', 'cursor=nope', `q=${'x'.repeat(256)}`]) {
    const { status, text } = await admin.get(`/dashboard/requests?${query}`)
    expect([query, status]).toEqual([query, 400])
    expect(text).toContain('parameter')
  }
  expect((await admin.get('/dashboard/batches?done=%3Cscript%3E')).status).toBe(200)
  expect((await admin.get('/dashboard/keys?which=nope')).status).toBe(200)
})

describe('another tenant', () => {
  let boss: Browser
  let place: ActingPlace
  beforeAll(async () => {
    place = { ...defaultPlace, ...(await makeAcme(api)) }
    boss = await openBrowser(api, 'boss@acme')
  })

  test('sees nothing of this one: what is there is told as what never was', async () => {
    for (const path of ['/batches', '/requests', '/failures', '/keys', '/tokens', '/audit']) {
      expect((await boss.get(`/dashboard${path}`)).text, path).not.toContain('script&gt;')
    }
    const cases = [
      [`/dashboard/requests/${ids.ready}`, '/dashboard/requests/99999999'],
      [`/dashboard/batches/${ids.batch}`, '/dashboard/batches/99999999'],
      ['/dashboard/users/admin', '/dashboard/users/nobody'],
    ] as const
    for (const [there, never] of cases) {
      const headers = { 'x-request-id': 'call-of-this-test' }
      const [found, nothing] = [await boss.get(there, headers), await boss.get(never, headers)]
      const comparable = ({ status, text }: typeof found, path: string) => [
        status,
        /<p class="what">.*<\/p>/.exec(text)?.[0].replace(` ${path.split('/').at(-1)} `, ' … '),
      ]
      expect(comparable(found, there)).toEqual(comparable(nothing, never))
      expect(found.status).toBe(404)
    }
  })

  test('changes nothing of this one', async () => {
    const cases = [
      `requests/${ids.failed}/retry`,
      `batches/${ids.batch}/cancel`,
      `keys/${ids.ready}/delete`,
    ]
    for (const path of cases) {
      expect((await boss.post(`/dashboard/${path}`)).status, path).toBe(404)
    }
    await boss.post('/dashboard/failures/retry', { code: 'csr_not_made' })
    expect((await readRequest(api.redis, defaultPlace, ids.failed))?.state).toBe('failed')
    expect(await readRequest(api.redis, place, ids.failed)).toBeUndefined()
  })
})
