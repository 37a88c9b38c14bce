/** Queues what has failed with one code again: of one tenant, or of all. */
import type { ErrorCode } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import { audited } from '../audit/entries.ts'
import { ticketsOf } from '../lots.ts'
import { isId } from '../path-id.ts'
import type { LotTicket, TenantPlace } from '../requests.ts'
import { runScript, textList } from '../scripts.ts'
import { lookedPerStep, tenantsWithFailures } from './failures.ts'
import { operatingAt } from './operator.ts'

/** About a fifth of a second of one call; who wants more calls again. */
const retriedPerCall = 2_048

/** Where a retry goes on: below this id of this tenant, then with the tenants after it. */
export type RetryPoint = { readonly tenant: string; readonly below: string }
export type Retried = {
  readonly retried: number
  readonly tickets: readonly LotTicket[]
  readonly next?: RetryPoint
}

/**
 * Queues failed requests of one code again, of one tenant or of all: looks at up to 2,048 and says where it goes on. Each keeps its
 * path id. Whoever fails again meanwhile is not looked at twice.
 */
export async function retryFailures(
  redis: Redis,
  operator: ActingPlace,
  {
    code,
    tenant,
    from,
  }: {
    readonly code: ErrorCode
    readonly tenant?: string | undefined
    readonly from?: RetryPoint | undefined
  },
): Promise<Retried> {
  const places = await placesFrom(redis, tenant, from)
  if (places.length === 0) return { retried: 0, tickets: [] }
  const ids = [code, ...(tenant === undefined ? [] : [tenant])]
  return await audited(redis, operator, { action: 'failures.retry', ids }, () =>
    retryAt(redis, operator, code, places),
  )
}

/** The same of one tenant, by one of its own. `below`: the id below which it goes on. */
export async function retryOwnFailures(
  redis: Redis,
  place: ActingPlace,
  { code, below = '' }: { readonly code: ErrorCode; readonly below?: string | undefined },
): Promise<Retried> {
  return await retryAt(redis, place, code, [{ place, below: isId(below) ? below : '' }])
}

type Start = { place: TenantPlace; below: string }

async function placesFrom(
  redis: Redis,
  tenant: string | undefined,
  from: RetryPoint | undefined,
): Promise<Start[]> {
  const all = await tenantsWithFailures(redis)
  return all
    .map(({ place }) => place)
    .filter((place) => tenant === undefined || place.tenant === tenant)
    .filter((place) => from === undefined || place.tenant >= from.tenant)
    .map((place) => ({ place, below: belowOf(place, from) }))
}

const belowOf = ({ tenant }: TenantPlace, from: RetryPoint | undefined): string =>
  from?.tenant === tenant && isId(from.below) ? from.below : ''

async function retryAt(
  redis: Redis,
  operator: ActingPlace,
  code: ErrorCode,
  starts: readonly Start[],
): Promise<Retried> {
  const tickets: LotTicket[] = []
  let retried = 0
  let looked = 0
  for (const start of starts) {
    const place = operatingAt(start.place, operator)
    let { below } = start
    do {
      if (looked >= retriedPerCall) {
        return { retried, tickets, next: { tenant: place.tenant, below } }
      }
      const step = await retryStep(redis, place, code, below)
      tickets.push(...step.tickets)
      retried += step.retried
      looked += lookedPerStep
      below = step.goOn
    } while (below !== '')
  }
  return { retried, tickets }
}

async function retryStep(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  code: ErrorCode,
  below: string,
): Promise<{ goOn: string; retried: number; tickets: LotTicket[] }> {
  const values = [tenant, code, below, lookedPerStep, JSON.stringify(actor)]
  const [goOn = '', retried, ...lots] = textList(
    await runScript(redis, shard, 'retry-failed', values),
  )
  return { goOn, retried: Number(retried), tickets: ticketsOf(shard, lots) }
}
