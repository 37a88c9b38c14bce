/** The console as a person uses it: Debian's Chromium, the real service. Run by `npm run test:browser`. */
import { forgetWorker, noteWorker } from '@csr-foundry/records'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookInto } from '../e2e/look.ts'
import { makeTenant } from '../e2e/make-tenant.ts'
import { jsonInit, password, type Service, startService } from '../e2e/start-service.ts'
import { thingsFor } from '../endpoints/callers.ts'
import { handIn } from './make-fleet.ts'
import { launch, type Visitor, visit } from './open-browser.ts'

leakGuard()

let service: Service
let redis: Redis
let browser: Browser
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  const server = stack.use(await startRedis())
  const environment = { REDIS_URL: server.url, LOG_LEVEL: 'warn', METRICS_PORT: 'off' }
  service = stack.use(await startService({ environment }))
  redis = stack.use(await lookInto(server.url))
  browser = await launch()
  stack.defer(() => browser.close())
})
afterAll(() => stack.disposeAsync())

async function loggedIn(login = 'admin'): Promise<Visitor> {
  const visitor = await visit(browser, service.url)
  await visitor.logIn(login)
  return visitor
}

const legend = (page: Page, chart: string) =>
  page.locator(`[data-chart=${chart}] .legend .value`).first().textContent()

async function lanes(act: 'pause' | 'resume'): Promise<void> {
  for (const lane of ['fast', 'slow']) {
    await service.call(`/v1/ops/lanes/${lane}/${act}`, { method: 'POST' })
  }
}

const picture = (page: Page, chart: string) =>
  page
    .locator(`[data-chart=${chart}] canvas`)
    .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL())

test('who is not known is told so, and who is comes to where he wanted', async () => {
  await using visitor = await visit(browser, service.url)
  const { page } = visitor
  await visitor.open('/requests?q=edge')
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Log in' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('not right')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/dashboard/requests?q=edge')
  // A link from elsewhere comes without the session; the page to log in on finds it.
  await visitor.open('/login?next=/dashboard/batches')
  await page.waitForURL('**/dashboard/batches')
  await page.locator('.menu summary').click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL('**/dashboard/login?done=logged-out')
  await visitor.open('/requests')
  expect(page.url()).toContain('/login')
  expect(visitor.complaints).toEqual([])
})

test('a batch of 2,000 is watched as it goes through, and the charts move with it', async () => {
  await using overview = await loggedIn()
  await using batches = await loggedIn()
  await overview.open('/overview')
  await overview.page.locator('[data-chart=throughput] canvas').waitFor()
  await expect.poll(() => legend(overview.page, 'throughput')).toBe('0')
  const before = await picture(overview.page, 'throughput')

  // Nothing of it is to be missed while the page is opened.
  await lanes('pause')
  const id = await handIn(service, 2_000, 'mixed')
  await batches.open(`/batches/${id}`)
  const done = batches.page.locator('#live .line')
  const seen = new Set<string>()
  const watch = async () => {
    const text = (await done.textContent()) ?? ''
    seen.add(/[\d,]+ of 2,000/.exec(text)?.[0] ?? '')
    return text
  }
  expect(await watch()).toMatch(/^running0 of 2,000/)
  await lanes('resume')
  await expect.poll(watch, { timeout: 60_000, interval: 50 }).toMatch(/^done2,000 of 2,000/)
  expect(seen.size).toBeGreaterThan(2)
  // What can be done with it has changed by itself as well.
  await expect.poll(() => batches.page.getByText('Cancel…').count()).toBe(0)
  expect(await batches.page.getByText('CSRs (tar.gz)').count()).toBe(1)

  await expect.poll(() => legend(overview.page, 'throughput'), { timeout: 20_000 }).not.toBe('0')
  expect(await picture(overview.page, 'throughput')).not.toBe(before)
  const rate = overview.page.locator('#now .tile').first().locator('.figure')
  await expect.poll(async () => Number(await rate.textContent())).toBeGreaterThan(0)
  expect(await overview.page.locator('#live-state').textContent()).toBe('Live')
  expect([...overview.complaints, ...batches.complaints]).toEqual([])
})

/** In the page: how much of it has moved by itself, its loading included. */
const sumOfShifts = `new Promise((settle) => {
  let sum = 0
  const add = (list) => {
    for (const { value } of list.getEntries()) sum += value
  }
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => settle(sum), 6_000)
})`

test('figures that arrive move nothing on the page', async () => {
  await using visitor = await loggedIn()
  await visitor.open('/overview')
  await visitor.page.locator('[data-chart=throughput] canvas').waitFor()
  const shift = await visitor.page.evaluate(sumOfShifts)
  expect(shift).toBeLessThan(0.01)
})

test('a request is found by its name, read, and its PEM copied', async () => {
  const spec = { ref: 'rack-9', subject: { commonName: 'found-1.example.com' } }
  const { headers, ...init } = jsonInit('POST', spec)
  const waiting = { ...init, headers: { ...headers, prefer: 'wait=20' } }
  const { csr } = (await (await service.call('/v1/requests', waiting)).json()) as { csr: string }
  await using visitor = await loggedIn()
  const { page, context } = visitor
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visitor.open('/requests')
  await page.getByRole('searchbox').fill('found-1')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /^\d+$/ }).first().click()
  expect(await page.locator('main').textContent()).toContain('CN = found-1.example.com')
  await page.getByRole('button', { name: 'Copy the PEM' }).click()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(csr)
  expect(visitor.complaints).toEqual([])
})

test('a failure is tried again and becomes ready before the eyes of its reader', async () => {
  const { failedRequest } = await thingsFor({ about: 'failedRequest' }, service, redis)
  await using visitor = await loggedIn()
  const { page } = visitor
  await visitor.open('/failures')
  await page.getByRole('link', { name: failedRequest }).click()
  await page.getByRole('button', { name: 'Try it again' }).click()
  const state = page.locator('.facts .state').first()
  await expect.poll(() => state.textContent(), { timeout: 20_000 }).toBe('ready')
  const other = await thingsFor({ about: 'failedRequest' }, service, redis)
  await visitor.open('/failures')
  await page.getByText('Retry… csr_not_made').click()
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await page.getByText('They are queued again').waitFor()
  await visitor.open(`/requests/${other.failedRequest}`)
  await expect.poll(() => state.textContent(), { timeout: 20_000 }).toBe('ready')
})

test('a lane that is paused begins nothing until it is resumed', async () => {
  await using visitor = await loggedIn()
  const { page } = visitor
  await visitor.open('/overview')
  const slow = page.getByRole('row').filter({ hasText: 'slow' }).first()
  await slow.getByText('Pause…').click()
  await page.getByRole('button', { name: 'Pause the lane slow' }).click()
  await page.getByText('The lane is paused').waitFor()
  // The page may be of the second before, but the next figures tell of the change.
  await expect.poll(() => slow.locator('.state').textContent(), { timeout: 15_000 }).toBe('paused')
  const batch = await handIn(service, 2, 'rsa-2048')
  await expect
    .poll(() => slow.locator('td').nth(2).textContent(), { timeout: 15_000 })
    .not.toBe('0')
  await visitor.open(`/batches/${batch}`)
  expect(await page.locator('#live .line').textContent()).toContain('0 of 2')
  await visitor.open('/overview')
  await page.getByRole('button', { name: 'Resume the lane slow' }).click()
  await visitor.open(`/batches/${batch}`)
  await expect
    .poll(() => page.locator('#live .line').textContent(), { timeout: 30_000 })
    .toContain('2 of 2')
})

const otherWorker = {
  ...{ id: '0-host:1', host: '0-host', pid: 1, version: '0.1.0', lots: 0, draining: false },
  ...{ concurrency: { fast: 4, slow: 1 }, oldestLotMs: 0, eventLoopDelayMs: 0 },
}

test('what is set for all workers is what each takes, and is not lost while figures arrive', async () => {
  await using visitor = await loggedIn()
  const { page } = visitor
  await visitor.open('/overview')
  const worker = page.locator('#workers tr').last()
  await worker.getByText('Lots…').click()
  await worker.locator('[name=slow]').fill('1')
  // Two events come in.
  await page.waitForTimeout(4_500)
  expect(await worker.locator('[name=slow]').inputValue()).toBe('1')
  // A worker that comes before it does not get what was meant for this one.
  await noteWorker(redis, otherWorker)
  const other = page.locator('#workers tr').filter({ hasText: '0-host:1' })
  await other.waitFor()
  expect(await other.locator('[name=slow]').inputValue()).toBe('')
  await forgetWorker(redis, otherWorker.id)
  await other.waitFor({ state: 'detached' })
  await page.getByText('Lots of all…').click()
  const fast = page.locator('form[action$="/overview/concurrency"] [name=fast]')
  await fast.fill('6')
  await page.getByRole('button', { name: 'Set for all' }).click()
  await page.getByText('Workers heed it').waitFor()
  const atOnce = page.locator('#workers td[data-title="At once"]')
  const all = async () => (await atOnce.allTextContents()).every((text) => text.includes('fast 6'))
  await expect.poll(all, { timeout: 10_000 }).toBe(true)
  expect(await fast.inputValue()).toBe('6')
  expect(visitor.complaints).toEqual([])
})

test('a tenant is made, and closed before the eyes of its administrator', async () => {
  await using visitor = await loggedIn()
  const { page } = visitor
  await visitor.open('/tenants')
  await page.getByLabel(/^Name/).fill('hall')
  await page.getByRole('button', { name: 'Make the tenant' }).click()
  const secret = (await page.getByLabel('the password', { exact: true }).textContent()) ?? ''
  await using theirs = await visit(browser, service.url)
  await theirs.logIn('admin@hall', secret)
  await page.getByText('I have kept it').click()
  await page.getByRole('link', { name: 'hall' }).click()
  await page.getByText('Close…').click()
  await page.getByRole('button', { name: 'Close hall' }).click()
  await page.getByText('nobody of it gets in').waitFor()
  await theirs.open('/batches')
  expect(theirs.page.url()).toContain('/login')
  await page.getByRole('button', { name: 'Open hall again' }).click()
  await page.getByText('The tenant is open again').waitFor()
  // What let him in still does.
  await theirs.open('/batches')
  expect(await theirs.page.locator('h1').textContent()).toBe('Batches')
  expect([...visitor.complaints, ...theirs.complaints]).toEqual([])
})

test('each sees the pages of his roles and of his tenant, and no others', async () => {
  const reader = { name: 'reader', password, roles: ['read'] }
  await service.call('/v1/accounts/users', jsonInit('POST', reader))
  await makeTenant(service, 'acme')
  const cases = [
    ['reader', ['Batches', 'Requests', 'Failures', 'Keys']],
    ['boss@acme', ['Batches', 'Requests', 'Failures', 'Keys', 'Users', 'Tokens', 'Audit']],
  ] as const
  const hidden = ['/overview', '/overview/failures', '/queues', '/overview/events', '/tenants']
  for (const [login, expected] of cases) {
    await using visitor = await loggedIn(login)
    const { page } = visitor
    const pages = page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
    expect(await pages.allTextContents()).toEqual(expected)
    for (const path of hidden) {
      await visitor.open(path)
      expect(await page.locator('h1').textContent(), path).toBe('You may not do that')
    }
  }
  await using boss = await loggedIn('boss@acme')
  await boss.open('/requests')
  expect(await boss.page.locator('main').textContent()).toContain('No requests yet.')
  await boss.open('/batches')
  expect(await boss.page.locator('main').textContent()).toContain('No batches yet.')
})

test('who is deleted while he looks on sees no more of it, and is sent to log in', async () => {
  const leaver = { name: 'leaver', password, roles: ['operate', 'read'] }
  await service.call('/v1/accounts/users', jsonInit('POST', leaver))
  await using visitor = await loggedIn('leaver')
  await visitor.open('/overview')
  await visitor.page.locator('#live-state', { hasText: 'Live' }).waitFor()
  await service.call('/v1/accounts/users/leaver', { method: 'DELETE' })
  await visitor.page.waitForURL('**/dashboard/login?next=*')
})

test('the keyboard reaches everything, and what is chosen is remembered', async () => {
  await using visitor = await loggedIn()
  const { page } = visitor
  const focused = () => page.evaluate('document.activeElement.textContent.trim()')
  await visitor.open('/batches')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.locator('.menu summary').focus()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: 'Log out' }).isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  expect(await page.getByRole('button', { name: 'Log out' }).isVisible()).toBe(false)
  const theme = page.getByRole('button', { name: /^Colours/ })
  await theme.click()
  await theme.click()
  const background = () =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  const dark = await background()
  await page.reload()
  expect(await background()).toBe(dark)
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
})
