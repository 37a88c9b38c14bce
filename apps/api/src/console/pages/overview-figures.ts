import type { OverviewView, RedisOverview, TroubleView } from '@csr-foundry/native-api'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import type { Html } from '../layout.ts'
import { alertBox } from '../parts/alert.ts'
import { bytesText, countText, durationText, none, numberText } from '../parts/figures.ts'
import { icon } from '../parts/icon.ts'
import { facts } from '../parts/table.ts'
import { type Tile, tiles } from '../parts/tiles.ts'
import { lanesTable } from './overview-lanes.ts'
import { workersTable } from './overview-workers.ts'

/** The parts of the overview that move, by the ids of their places: drawn with the page, and again for each event. */
export const overviewParts = (c: Context<Env>, { troubles, ...overview }: OverviewView) => ({
  now: html`<div class="troubles" role="status">${troubles.length === 0 ? allWell : troubles.map(trouble)}</div>
${tiles(tilesOf(overview))}`,
  lanes: lanesTable(c, overview.lanes),
  workers: workersTable(c, overview.workers),
  redis: redisFacts(overview.redis),
})

const allWell = html`<p class="well">${icon('check')} Nothing is amiss.</p>`

const trouble = ({ severity, detail, runbook }: TroubleView) =>
  alertBox(
    severity === 'critical' ? 'danger' : 'warning',
    detail,
    html`What to do: <code>${runbook}</code>`,
  )

function tilesOf(overview: Omit<OverviewView, 'troubles'>): Tile[] {
  const { rates, requests, lanes, redis, workers, deadLots } = overview
  const oldest = lanes.toSorted((a, b) => (b.oldestWaitingMs ?? 0) - (a.oldestWaitingMs ?? 0))[0]
  const busy = workers.filter(({ lots }) => lots > 0).length
  const dead = html`<a href="/dashboard/overview/dead-lots">${countText(deadLots, 'dead lot')}</a>`
  return [
    { title: 'CSRs per second', value: numberText(rates.readyPerSecond), note: 'ready, lately' },
    {
      ...{ title: 'Failed per minute', value: numberText(rates.failedPerMinute) },
      ...{
        kind: rates.failedPerMinute > 0 ? 'bad' : '',
        note: `${numberText(requests.failed)} in all`,
      },
    },
    {
      title: 'Queued requests',
      value: numberText(requests.queued),
      note: deadLots > 0 ? dead : 'of all tenants',
    },
    {
      ...{ title: 'Oldest waiting', value: durationText(oldest?.oldestWaitingMs) },
      note: oldest?.oldestWaitingMs === undefined ? 'nothing waits' : `in the lane ${oldest.lane}`,
    },
    { title: 'Redis memory', value: bytesText(redis.usedMemory), note: limitText(redis) },
    {
      ...{ title: 'Worker processes', value: numberText(workers.length) },
      ...{ kind: workers.length === 0 ? 'bad' : '', note: `${numberText(busy)} at work` },
    },
  ]
}

const limitText = ({ maxMemory }: RedisOverview): string =>
  maxMemory ? `of ${bytesText(maxMemory)}` : 'no limit is set'

function redisFacts(redis: RedisOverview) {
  const { reachable, latencyMs, worstLatencyMs, uptimeSeconds } = redis
  return facts([
    [
      'Reachable',
      reachable ? 'yes' : html`<strong class="bad">no, for ${durationText(latencyMs)}</strong>`,
    ],
    [
      'Answers within',
      `${durationText(latencyMs)}; at worst ${durationText(worstLatencyMs)} in the last minute`,
    ],
    ['Memory', memory(redis)],
    ['Append-only file', persistence(redis)],
    ['Last snapshot', okText(redis.lastSaveOk)],
    ['Runs for', durationText(uptimeSeconds === undefined ? undefined : uptimeSeconds * 1_000)],
  ])
}

function memory(redis: RedisOverview): Html {
  const { usedMemory = 0, maxMemory = 0 } = redis
  if (maxMemory === 0) return `${bytesText(redis.usedMemory)}, ${limitText(redis)}`
  const share = Math.min(100, (usedMemory / maxMemory) * 100)
  const words = `${bytesText(usedMemory)} ${limitText(redis)}, ${numberText(share)} %`
  return html`<span class="how-far"><span>${words}</span><svg class="progress" role="img" aria-label="${words}"><rect class="used" width="${share.toFixed(2)}%" height="100%"/></svg></span>`
}

function persistence({ aofEnabled, aofLastWriteOk, aofRewriting }: RedisOverview): Html {
  if (aofEnabled === undefined) return none
  if (!aofEnabled) return html`<strong class="bad">off: a crash loses what was promised</strong>`
  return html`on, last write ${okText(aofLastWriteOk)}${aofRewriting ? ', being rewritten' : ''}`
}

function okText(ok: boolean | undefined): Html {
  if (ok === undefined) return none
  return ok ? 'went well' : html`<strong class="bad">failed</strong>`
}
