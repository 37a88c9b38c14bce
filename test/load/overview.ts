/**
 * How the overview of the console is to use where very many requests are stored, and what it costs Redis while it is open:
 *
 *     npm run bench:overview [-- --requests 1000000 --seconds 60]
 *
 * Makes so many P-256 requests on the service as its users start it, which takes minutes and says how far it is; then a browser that
 * has seen nothing of the console before opens it, five times. Usable: charts and lanes stand there with their figures. A line for
 * each promise; ends with 1 where one is not kept. Needs Debian's chromium, or another by CHROMIUM.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { launch, visit } from '../browser/open-browser.ts'
import { startBulkService } from './bulk-service.ts'
import { allMade, handInAlone } from './hand-in.ts'
import { say, tellPromise } from './promised.ts'
import { wholeNumbers } from './whole-numbers.ts'

const promised = { usable: 1_000, share: 0.01 }
const rowsOfBatch = 100_000
const visits = 5

const { requests, seconds } = wholeNumbers({ requests: 1_000_000, seconds: 60 })

await using bulk = await startBulkService({ REDIS_MAX_MEMORY_MB: '4096' })
const { service, redis } = bulk
for (let made = 0; made < requests; made += rowsOfBatch) {
  await allMade(service, await handInAlone(service, Math.min(rowsOfBatch, requests - made)), 500)
  say(`${Math.min(made + rowsOfBatch, requests)} of ${requests} requests made`)
}
const alone = await busyShare()
const browser = await launch()
try {
  const times: number[] = []
  for (let n = 0; n < visits; n++) times.push(await timeToUse())
  await using visitor = await visit(browser, service.url)
  await visitor.logIn('admin')
  await visitor.open('/overview')
  const open = await busyShare()
  const longest = Math.max(...times)
  const all = times.map((time) => time.toFixed(0)).join(', ')
  tellPromise(
    `the overview of ${requests} requests is usable, the longest of ${all} ms`,
    `${longest.toFixed(0)} ms`,
    `<= ${promised.usable} ms`,
    longest <= promised.usable,
  )
  tellPromise(
    `Redis, of one core, for an open overview (${percent(open)} less ${percent(alone)} without)`,
    percent(open - alone),
    `< ${percent(promised.share)}`,
    open - alone < promised.share,
  )
} finally {
  await browser.close()
}

/** From asking for the page to figures in it, in a browser without anything cached. */
async function timeToUse(): Promise<number> {
  await using visitor = await visit(browser, service.url)
  const { page } = visitor
  await visitor.logIn('admin')
  // He was led to it once he was known.
  await page.goto('about:blank')
  await (await visitor.context.newCDPSession(page)).send('Network.clearBrowserCache')
  const asked = performance.now()
  await visitor.open('/overview')
  await page.locator('[data-chart=throughput] canvas').waitFor()
  const figures = page.locator('[data-chart=throughput] .legend .value')
  await figures.filter({ hasText: /\d/ }).first().waitFor()
  return performance.now() - asked
}

/** How much of a core Redis used over a while. */
async function busyShare(): Promise<number> {
  const before = await cpuSeconds()
  const started = performance.now()
  await sleep(seconds * 1_000)
  return ((await cpuSeconds()) - before) / ((performance.now() - started) / 1_000)
}

async function cpuSeconds(): Promise<number> {
  const info = await redis.info('cpu')
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
  return of('used_cpu_user') + of('used_cpu_sys')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`
}
