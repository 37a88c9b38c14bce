/**
 * Requests from the newest down. There is no index per request: ids are walked down, at most 1,000 to a page, so a page may
 * hold fewer than were asked for, also none, and still go on.
 */
import type { Redis } from 'ioredis'
import { isId } from './path-id.ts'
import { parseSummary, type RequestRecord, type RequestSummary } from './request-record.ts'
import { readRequest, type TenantPlace } from './requests.ts'
import { fieldMap, type Reply, runScript } from './scripts.ts'
import type { RequestState } from './state-machine.ts'
import { Turns } from './turns.ts'

const lookedAtPerPage = 1_000
const soughtWithin = 100_000
const lookedAtPerStep = 250
const givenPerStep = 100
const walksAtOnce = 2

/** Of each tenant in this process: many walks of one keep no other tenant waiting, and little of Redis. */
const turns = new Turns(walksAtOnce)

/** Where a walk goes on: opaque to callers, who give it back as it is. `budget`: how many ids are still sought through. */
export type WalkPoint = { readonly from: string; readonly budget?: number }

export type Walk = Partial<WalkPoint> & {
  readonly limit: number
  /** `queued`: those that no worker has in hand, `running`: those that one has. */
  readonly state?: RequestState | 'running'
  /** An id, the start of a ref, or the start of the first common name, in which A to Z count as a to z. */
  readonly q?: string
}

/** One page of the walk. With `q` the newest 100,000 ids are sought through, from page to page; gaps do not count. */
export async function walkRequests(
  redis: Redis,
  place: TenantPlace,
  walk: Walk,
): Promise<WalkedPage> {
  if (walk.from !== undefined && !isId(walk.from)) return { requests: [] }
  const whose = `${place.shard} ${place.tenant}`
  return await turns.take(whose, () => walkPage(redis, place, walk))
}

type WalkedPage = { requests: RequestSummary[]; next?: WalkPoint }

async function walkPage(
  redis: Redis,
  place: TenantPlace,
  { limit, state, q = '', from = '', budget = soughtWithin }: Walk,
): Promise<WalkedPage> {
  const sought = Number.isSafeInteger(budget) ? Math.min(Math.max(0, budget), soughtWithin) : 0
  const most = q === '' ? lookedAtPerPage : Math.min(lookedAtPerPage, sought)
  const requests: RequestSummary[] = []
  let at = from
  let looked = 0
  do {
    const left = { limit: limit - requests.length, most: most - looked }
    const step = await walkOn(redis, place, { at, state: state ?? '', q, ...left })
    requests.push(...step.requests)
    at = step.goOn
    looked += step.looked
  } while (at !== '' && looked < most && requests.length < limit)
  const next = nextPoint(at, q === '' ? undefined : sought - looked)
  return { requests, ...(next && { next }) }
}

type Step = { at: string; limit: number; most: number; state: string; q: string }

/** Redis does nothing else while a script runs, so a page is walked in steps of about a millisecond. */
async function walkOn(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { at, limit, most, state, q }: Step,
): Promise<{ requests: RequestSummary[]; looked: number; goOn: string }> {
  const reply = await runScript(redis, shard, 'walk-requests', [
    tenant,
    at,
    Math.min(limit, givenPerStep),
    Math.min(most, lookedAtPerStep),
    state,
    q,
    asciiLowerCase(q),
  ])
  const [goOn, looked, ...found] = Array.isArray(reply) ? reply : []
  const requests = found.flatMap((fields) => parseFound(fields) ?? [])
  return { requests, looked: Number(looked ?? 0), goOn: String(goOn ?? '') }
}

/** The newest request that is not deleted, of the last 1,000 ids; undefined where there is none. */
export async function newestRequest(
  redis: Redis,
  place: TenantPlace,
): Promise<RequestRecord | undefined> {
  const { requests } = await walkRequests(redis, place, { limit: 1 })
  return requests[0] && (await readRequest(redis, place, requests[0].id))
}

function parseFound(found: Reply): RequestSummary | undefined {
  if (!Array.isArray(found)) return undefined
  const [id, ...fields] = found
  return parseSummary(String(id), fieldMap(fields))
}

function nextPoint(from: string, budget: number | undefined): WalkPoint | undefined {
  if (from === '') return undefined
  if (budget === undefined) return { from }
  return budget > 0 ? { from, budget } : undefined
}

/** As Redis' scripts do it: what is not ASCII stays as it is. */
const asciiLowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
