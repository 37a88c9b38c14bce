/** /dashboard/overview: how the whole installation is, live, for operators. It has numbers, ids and codes of all tenants, and no more. */
import { figuresQuery } from '@csr-foundry/native-api'
import { readConcurrency } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { overviewEvents } from '../../dialects/native/ops/get-overview-events.ts'
import { requireRole } from '../../guards.ts'
import { overviewFeed } from '../../overview/overview-feed.ts'
import type { Env, Services } from '../../services.ts'
import { parseQuery } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { noticeOf } from '../notices.ts'
import { chart } from '../parts/chart.ts'
import { overviewParts } from './overview-figures.ts'
import { concurrencyForm } from './overview-workers.ts'

const path = '/dashboard/overview'

export const overviewPage = (services: Services) =>
  new Hono<Env>()
    .use(requireRole('operate'))
    .get('/', async (c) => {
      // The overview is there while Redis is away; what is set for all is not, and cannot be changed.
      const [overview, concurrency] = await Promise.all([
        overviewFeed(services).current(),
        readConcurrency(services.redis).catch(() => undefined),
      ])
      return answerPage(c, {
        title: 'Overview',
        actions: html`<a class="button" href="${path}/failures">Failures of all tenants</a>
<a class="button" href="/dashboard/queues">Queues</a>`,
        styles: ['uPlot.min.css'],
        scripts: ['uPlot.iife.min.js', 'overview.js'],
        main: main(c, overviewParts(c, overview), concurrency && concurrencyForm(c, concurrency)),
      })
    })
    .get('/events', (c) =>
      overviewEvents(services, c, (overview) => {
        const parts = Object.entries(overviewParts(c, overview))
        return JSON.stringify(Object.fromEntries(parts.map(([id, part]) => [id, String(part)])))
      }),
    )
    .get('/figures', async (c) => {
      const { range } = parseQuery(figuresQuery, c.req.query())
      return c.json(await overviewFeed(services).figures(range))
    })

/** What stands outside of the parts that move has fields that are being filled in. */
const main = (c: Context<Env>, parts: ReturnType<typeof overviewParts>, forAll: Html = '') =>
  html`${noticeOf(c)}<div id="now" class="live">${parts.now}</div>
${charts}
<section aria-labelledby="lanes-title"><h2 id="lanes-title">Lanes</h2><div id="lanes">${parts.lanes}</div></section>
<section aria-labelledby="workers-title"><div class="head"><h2 id="workers-title">Worker processes</h2><div class="actions">${forAll}</div></div><div id="workers">${parts.workers}</div></section>
<section class="panel" aria-labelledby="redis-title"><h2 id="redis-title">Redis</h2><div id="redis">${parts.redis}</div></section>`

const choice = (name: string, legend: string, options: Readonly<Record<string, string>>) =>
  html`<fieldset class="switch"><legend class="hidden">${legend}</legend>${Object.entries(
    options,
  ).map(
    ([value, title], i) =>
      html`<label><input type="radio" name="${name}" value="${value}"${i === 0 ? html` checked` : ''}><span>${title}</span></label>`,
  )}</fieldset>`

const lanes = ['fast', 'slow'] as const
const percentiles = ['p50', 'p95', 'p99'] as const

const charts = html`<section aria-labelledby="charts" class="chart-part"><div class="toolbar"><h2 id="charts">Charts</h2>
${choice('range', 'Range of the charts', { hour: 'Last hour', day: 'Last day' })}
<span class="space"></span><span class="live-state" id="live-state" role="status"></span></div>
<div class="charts" data-figures="${path}/figures" data-events="${path}/events">
${chart('throughput', 'CSRs per second', lanes)}
${chart('failed', 'Failed per minute', lanes)}
${chart('waitingLots', 'Waiting lots', lanes)}
${chart('oldestWaiting', 'Oldest waiting', lanes)}
${chart('fastWait', 'Queue wait, fast lane', percentiles)}
${chart('slowWait', 'Queue wait, slow lane', percentiles)}
${chart('fastWork', 'Work time, fast lane', percentiles)}
${chart('slowWork', 'Work time, slow lane', percentiles)}
${chart('memory', 'Redis memory', ['used'])}
${chart('workers', 'Worker processes', ['running', 'busy'])}
</div></section>`
