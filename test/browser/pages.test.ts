/** Every page as it is seen: by axe in light and dark, on a phone, and in pictures, which KEEP_SCREENSHOTS=1 keeps in docs/images. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookInto } from '../e2e/look.ts'
import { type Service, startService } from '../e2e/start-service.ts'
import { type Fleet, handIn, makeFleet, makeHour } from './make-fleet.ts'
import { type Look, launch, type Visitor, visit } from './open-browser.ts'

leakGuard()

const images = resolve(import.meta.dirname, '../../docs/images')
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let service: Service
let browser: Browser
let fleet: Fleet
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  const server = stack.use(await startRedis())
  const environment = { REDIS_URL: server.url, LOG_LEVEL: 'warn', METRICS_PORT: 'off' }
  service = stack.use(await startService({ environment }))
  const redis = stack.use(await lookInto(server.url))
  await makeHour(redis)
  fleet = await makeFleet(service, redis)
  browser = await launch()
  stack.defer(() => browser.close())
})
afterAll(() => stack.disposeAsync())

const looksToKeep: readonly Look[] = ['light', 'dark', 'phone']

/** Every page by a name. */
const paths = (): Readonly<Record<string, string>> => ({
  login: '/login?next=/dashboard/never',
  overview: '/overview',
  'all-failures': '/overview/failures',
  'dead-lots': '/overview/dead-lots',
  batches: '/batches',
  batch: `/batches/${fleet.batch}`,
  requests: '/requests?q=edge-1',
  'requests-none': '/requests?q=nothing-is-called-so',
  request: `/requests/${fleet.request}`,
  'request-failed': `/requests/${fleet.failed}`,
  failures: '/failures',
  keys: '/keys',
  users: '/users',
  user: '/users/admin',
  tokens: '/tokens',
  tenants: '/tenants',
  tenant: '/tenants/acme',
  audit: '/audit',
  account: '/account',
  missing: '/requests/99999999',
})

async function openPage({ page, open }: Visitor, name: string, path: string): Promise<void> {
  await open(path)
  if (name === 'overview') await page.locator('#live-state', { hasText: 'Live' }).waitFor()
}

/** Dark pages differ from light ones in their colours alone. */
const rules = {
  light: { run: 'axe.run()', atLeast: 11 },
  dark: { run: "axe.run({ runOnly: ['color-contrast'] })", atLeast: 1 },
} as const

async function seriousFindings(page: Page, look: keyof typeof rules): Promise<string[]> {
  const { run, atLeast } = rules[look]
  await page.evaluate(await readFile(axe, 'utf8'))
  const { violations, passes } = (await page.evaluate(run)) as {
    passes: unknown[]
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  expect(passes.length).toBeGreaterThanOrEqual(atLeast)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}

/** In the page: menus and questions. */
const openAll = `for (const one of document.querySelectorAll('details')) one.open = true`

describe.each(['light', 'dark'] as const)('in %s', (look) => {
  test('axe finds nothing serious or critical on any page, nor in what opens on it', async () => {
    await using visitor = await visit(browser, service.url, { look, bypassCSP: true })
    const found: unknown[] = []
    const looked = async (name: string, path: string) => {
      await openPage(visitor, name, path)
      await visitor.page.evaluate(openAll)
      const findings = await seriousFindings(visitor.page, look)
      if (findings.length > 0) found.push([name, findings])
    }
    const { login = '', ...others } = paths()
    await looked('login', login)
    await visitor.logIn('admin')
    for (const [name, path] of Object.entries(others)) await looked(name, path)
    await visitor.page.goto(`${service.url}/dashboard/tokens`)
    await visitor.page.getByLabel('What it is for').fill('axe')
    await visitor.page.getByRole('button', { name: 'Make the token' }).click()
    found.push(...(await seriousFindings(visitor.page, look)))
    expect(found).toEqual([])
  })
})

test('no page is wider than a phone', async () => {
  await using visitor = await visit(browser, service.url, { look: 'phone' })
  const wide: string[] = []
  const { login = '', ...others } = paths()
  for (const [name, path] of Object.entries({ login, ...others })) {
    await openPage(visitor, name, path)
    const beyond = await visitor.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    if (beyond !== 0) wide.push(`${name}: ${beyond}`)
    if (name === 'login') await visitor.logIn('admin')
  }
  expect(wide).toEqual([])
})

// Each waits for a batch to be well on its way: only where the pictures are wanted.
const whereKept = process.env.KEEP_SCREENSHOTS ? looksToKeep : []
test.each(whereKept)('pictures of the pages: %s', async (look: Look) => {
  await using visitor = await visit(browser, service.url, { look })
  await visitor.logIn('admin')
  const { overview = '', requests = '', request = '', failures = '' } = paths()
  for (const [name, path] of Object.entries({ overview, requests, request, failures })) {
    await openPage(visitor, name, path)
    await keepPicture(visitor.page, `${name}-${look}`)
  }
  // One that is on its way, and is cancelled for the next look.
  await visitor.open(`/batches/${await handIn(service, 400, 'rsa-2048')}`)
  await visitor.page.waitForTimeout(6_000)
  await keepPicture(visitor.page, `batch-${look}`)
  await visitor.page.getByText('Cancel…').click()
  await visitor.page.getByRole('button', { name: 'Cancel the rest' }).click()
  await visitor.page.getByText('is being cancelled').waitFor()
  expect(visitor.complaints).toEqual([])
})

async function keepPicture(page: Page, name: string): Promise<void> {
  // A curve is drawn a moment after its figures have come.
  await page.waitForTimeout(300)
  const picture = await page.screenshot({ animations: 'disabled' })
  expect(picture.length, name).toBeGreaterThan(10_000)
  await mkdir(images, { recursive: true })
  await writeFile(join(images, `console-${name}.png`), picture)
}
