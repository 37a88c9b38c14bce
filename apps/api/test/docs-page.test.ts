import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** As somebody whom nobody knows. */
const get = (path: string, headers = {}) =>
  api.call(path, { headers: { authorization: '', ...headers } })

test('GET /openapi.json is for anybody, and is sent once to who keeps it', async () => {
  const answer = await get('/openapi.json')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) })
  const etag = answer.headers.get('etag') ?? ''
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await get('/openapi.json', { 'if-none-match': tag })
    expect([again.status, await again.text()]).toEqual([304, ''])
  }
  expect((await get('/openapi.json', { 'if-none-match': '"other"' })).status).toBe(200)
})

test('the page at /docs loads what is served here, and nothing else', async () => {
  const answer = await get('/docs')
  const page = await answer.text()
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; ")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect(page).not.toMatch(/<style|<script>|https?:/)
  const parts = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path)
  expect(parts).toHaveLength(4)
  for (const path of parts) expect([path, (await get(path)).status]).toEqual([path, 200])
})

test('the files of a release are kept for ever, and those that the page does not need are not there', async () => {
  const page = await (await get('/docs')).text()
  const style = /href="([^"]*swagger-ui\.css)"/.exec(page)?.[1] ?? ''
  const answer = await get(style)
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(answer.headers.get('content-type')).toBe('text/css')
  for (const file of ['package.json', 'index.html', '..%2fhono%2fpackage.json', '']) {
    expect((await get(style.replace('swagger-ui.css', file))).status, file).toBe(404)
  }
})

test('the pages lead to each other', async () => {
  expect(await (await get('/docs/errors')).text()).toContain('href="/docs"')
  expect(await (await get('/openapi.json')).text()).toContain('(/docs/errors)')
})
