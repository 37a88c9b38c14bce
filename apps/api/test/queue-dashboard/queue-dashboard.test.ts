import { appRoutes } from '@bull-board/api/dist/routes.js'
import { readAudit, roles } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { boardHooks } from '../../src/queue-dashboard/board-hooks.ts'
import { defaultPlace, password } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi()
const root = '/dashboard/queues'
const browser = { accept: 'text/html', authorization: '' }
const put = (path: string, headers: Record<string, string> = {}) =>
  api.call(`${root}${path}`, { method: 'PUT', headers })
const read = async (path: string) => (await (await api.call(`${root}${path}`)).json()) as never

describe('who may', () => {
  test('only operators may, to whatever lies there', async () => {
    const paths = ['', '/api/queues', '/static/images/logo.svg', '/queue/fast']
    for (const role of roles) {
      const headers = { authorization: await api.bearer([role]) }
      const found = paths.map(
        async (path) => (await api.call(`${root}${path}`, { headers })).status,
      )
      expect([role, ...(await Promise.all(found))]).toEqual([
        role,
        ...paths.map(() => (role === 'operate' ? 200 : 403)),
      ])
    }
    const others = roles.filter((role) => role !== 'operate')
    const authorization = await api.bearer(others)
    expect((await put('/api/queues/pause', { authorization })).status).toBe(403)
    expect(await api.services.queues.isPaused('fast')).toBe(false)
  })

  test('who is not known at a browser comes to the page to log in, a program gets 401', async () => {
    const page = await api.call(root, { headers: browser })
    expect([page.status, page.headers.get('location')]).toEqual([
      303,
      '/dashboard/login?next=%2Fdashboard%2Fqueues',
    ])
    const headers = { authorization: 'Bearer nobody' }
    expect((await api.call(`${root}/api/queues`, { headers })).status).toBe(401)
  })

  test("the console's session lets an operator in, and LXCA's does not", async () => {
    const { services } = api
    const operator = await services.authenticator.logIn(
      { username: 'admin', password },
      '127.0.0.1',
    )
    const cookieOf = async (kind: 'console' | 'lxca') => {
      const place = { ...operator.place, ...defaultPlace }
      const { id } = await services.authenticator.startSession(operator, place, kind)
      return `__Host-csr-foundry-session=${id}; JSESSIONID=${id}`
    }
    const call = async (cookie: string, method = 'GET', more = {}) =>
      (
        await api.call(`${root}/api/queues${method === 'PUT' ? '/pause' : ''}`, {
          ...{ method, headers: { cookie, authorization: '', ...more } },
        })
      ).status
    const cookie = await cookieOf('console')
    expect(await call(cookie)).toBe(200)
    expect(await call(await cookieOf('lxca'))).toBe(401)
    expect(await call(cookie, 'PUT', { 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await call(cookie, 'PUT', { 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await services.queues.isPaused('fast')).toBe(true)
    for (const lane of ['fast', 'slow'] as const) await services.queues.resume(lane)
  })

  test('no page of another site may', async () => {
    const foreign = await put('/api/queues/fast/pause', { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    expect(await api.services.queues.isPaused('fast')).toBe(false)
  })
})

test('the page loads nothing from elsewhere, has nothing written in, and all that it names is there', async () => {
  const response = await api.call(root)
  const page = await response.text()
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(page).not.toMatch(/https?:|<style|\sstyle=|\son\w+=|googleapis/)
  // A script without a source is data alone.
  expect(page.match(/<script(?![^>]*\b(src=|type="application\/json"))/g)).toBeNull()
  expect(page).toContain(`<base href="${root}/"`)
  const named = [...page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => path)
  expect(named.length).toBeGreaterThanOrEqual(6)
  const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg', png: 'image/png' }
  for (const path of named) {
    const file = await api.call(`${root}/${path}`)
    const type = types[path?.split('.').at(-1) as keyof typeof types]
    expect([path, file.status]).toEqual([path, 200])
    expect(file.headers.get('content-type')).toContain(type)
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
  }
  for (const path of ['static/../index.ejs', 'static/%2e%2e/index.ejs', 'static/nothing.js']) {
    expect((await api.call(`${root}/${path}`)).status, path).toBe(404)
  }
  const home = await api.call(`${root}/`)
  expect([home.status, home.headers.get('location')]).toEqual([308, root])
})

const marker = 'secret-of-somebody'

test('shows ids and codes, whatever is in a job', async () => {
  const { redis, services } = api
  await services.queues.add({ shard: '{s10}', lot: '71', lane: 'slow', priority: 0 })
  const job = '{s10}:slow:lot-71'
  const leak = JSON.stringify({ marker })
  await redis.hset(job, {
    ...{ name: marker, data: leak, returnvalue: leak, failedReason: marker, progress: leak },
    ...{ stacktrace: JSON.stringify([marker]), pb: marker, defa: marker, deid: marker },
    opts: JSON.stringify({ marker, jobId: 'lot-71' }),
  })
  await redis.rpush(`${job}:logs`, marker)
  const texts: string[] = []
  const reads = appRoutes.api.filter(({ method }) => method === 'get').flatMap(({ route }) => route)
  const pages = [appRoutes.entryPoint.route].flat().map((route) => route.replace(/^\/$/, ''))
  for (const route of [...reads, ...pages]) {
    const path = route.replace(':queueName', 'slow').replace(':jobId', 'lot-71')
    const response = await api.call(`${root}${path}?activeQueue=slow`)
    // It would ask Redis for all of its clients.
    const isShown = !route.endsWith('/workers')
    expect([route, response.status]).toEqual([route, isShown ? 200 : 403])
    texts.push(await response.text())
  }
  expect(texts.join('\n')).not.toContain(marker)
  const shown: { job: object; status: string } = await read('/api/queues/slow/lot-71')
  expect(shown).toMatchObject({
    status: 'waiting',
    job: { id: 'lot-71', data: {}, failedReason: 'internal', isFailed: true, stacktrace: [] },
  })
  await redis.hset(job, 'failedReason', 'worker_died')
  expect(await read('/api/queues/slow/lot-71')).toMatchObject({
    job: { failedReason: 'worker_died' },
  })
})

test('changes nothing but whether queues are paused', async () => {
  const { redis, services } = api
  await services.queues.add({ shard: '{s10}', lot: '72', lane: 'slow', priority: 0 })
  const before = await redis.hgetall('{s10}:slow:lot-72')
  const isAct = (route: string) => /\/(pause|resume)$/.test(route)
  const changing = appRoutes.api
    .filter(({ method }) => method !== 'get')
    .flatMap(({ method, route }) =>
      [route].flat().map((path) => ({ method: String(method), path })),
    )
  expect(changing.length).toBeGreaterThan(15)
  for (const { method, path } of changing) {
    const context = { method, route: path, request: undefined } as never
    expect([path, (await boardHooks.before?.(context))?.allow]).toEqual([path, isAct(path)])
    if (isAct(path)) continue
    const real = path.replace(':queueName', 'slow').replace(':jobId', 'lot-72')
    const init = { method: method.toUpperCase(), body: '{}' }
    expect([path, (await api.call(`${root}${real}`, init)).status]).toEqual([path, 405])
  }
  expect(await redis.hgetall('{s10}:slow:lot-72')).toEqual(before)
})

test('a pause and a resume count for the lane, and are in the audit', async () => {
  const { services, redis } = api
  const paused = async () => [
    await services.queues.isPaused('fast'),
    await services.queues.isPaused('slow'),
  ]
  expect((await put('/api/queues/slow/pause')).status).toBe(200)
  expect(await paused()).toEqual([false, true])
  expect((await put('/api/queues/nothing/pause')).status).toBe(405)
  expect((await put('/api/queues/pause')).status).toBe(200)
  expect(await paused()).toEqual([true, true])
  expect((await put('/api/queues/resume')).status).toBe(200)
  expect(await paused()).toEqual([false, false])
  const { entries } = await readAudit(redis, defaultPlace, { limit: 3 })
  expect(entries.map(({ actor, action, ids }) => [actor.by, action, ids])).toEqual([
    ['user:admin', 'lane.resume', ['fast', 'slow']],
    ['user:admin', 'lane.pause', ['fast', 'slow']],
    ['user:admin', 'lane.pause', ['slow']],
  ])
})
