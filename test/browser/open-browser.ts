import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { password } from '../e2e/start-service.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** How a page is looked at. */
export const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: {
    ...{ colorScheme: 'light', viewport: { width: 390, height: 844 } },
    ...{ isMobile: true, hasTouch: true },
  },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>
export type Look = keyof typeof looks

/** Debian's Chromium. It has no sandbox of its own here: what it opens are our pages alone. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath, chromiumSandbox: false })

export type Visitor = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  /** What the browser complained of: scripts that failed, what the policy of a page refused. */
  readonly complaints: readonly string[]
  /** Opens a page of the console. */
  open(path: string): Promise<void>
  logIn(login: string, its?: string): Promise<void>
}

/** A browser of his own; `bypassCSP` for what a test itself puts into a page. */
export async function visit(
  browser: Browser,
  url: string,
  { look = 'light', bypassCSP = false }: { look?: Look; bypassCSP?: boolean } = {},
): Promise<Visitor> {
  const context = await browser.newContext({ ...(looks[look] as BrowserContextOptions), bypassCSP })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(`${page.url()}: ${message}`))
  page.on('console', (message) => {
    // A page that is told of an error is one of those that are looked at.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) complaints.push(`${page.url()}: ${message.text()}`)
  })
  const open = async (path: string) => {
    await page.goto(`${url}/dashboard${path}`)
  }
  return {
    ...{ context, page, complaints, open },
    logIn: async (login, its = password) => {
      await open('/login')
      await page.getByLabel('User name').fill(login)
      await page.getByLabel('Password').fill(its)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.waitForURL((now) => !now.pathname.endsWith('/login'))
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
