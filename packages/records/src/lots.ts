import type { Spec } from '@csr-foundry/csr'
import { type Problem, ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { actorText, workerActor } from './audit/actor.ts'
import { type Errand, parseErrand } from './errands.ts'
import { countSwept } from './figures/read-totals.ts'
import type { Lane } from './lane.ts'
import type { LotTicket } from './requests.ts'
import { runScript, type ScriptArgument, textList } from './scripts.ts'
import type { ShardTag } from './shards.ts'

/** One run of a lot's job. `take` names the run: the same take may start twice, when its connection broke in between. */
export type LotRun = { readonly shard: ShardTag; readonly lot: string; readonly take: string }

/** `keyId`: the key that is there already and signs it. */
export type WaitingRequest = { readonly id: string; readonly spec: Spec; readonly keyId?: string }

/** What a worker learns when it takes a lot. */
export type LotStart =
  | { readonly kind: 'gone' }
  | { readonly kind: 'split'; readonly tickets: readonly LotTicket[] }
  | { readonly kind: 'dead'; readonly tenant: string; readonly id: string }
  | { readonly kind: 'errand'; readonly errand: Errand }
  | {
      readonly kind: 'started'
      readonly tenant: string
      readonly lane: Lane
      readonly requests: readonly WaitingRequest[]
    }

/**
 * The result of one request of a lot: its CSR with the key that was made for it, or with the id of the key that it named.
 * Binary fields are DER, but for `sealed`, which is the vault's.
 */
export type RequestResult =
  | {
      readonly id: string
      readonly state: 'ready'
      readonly csr: Buffer
      readonly algorithm: string
      readonly spki: Buffer
      readonly sealed: Buffer
      readonly custody: string
    }
  | { readonly id: string; readonly state: 'ready'; readonly csr: Buffer; readonly keyId: string }
  | { readonly id: string; readonly state: 'failed'; readonly problem: Problem }

/**
 * Takes a lot. A lot that was started before and not given back is one whose worker died: with several requests it is
 * split into lots of one, and a lot of one that has killed two workers is set aside and its request failed.
 */
export async function startLot(redis: Redis, { shard, lot, take }: LotRun): Promise<LotStart> {
  const died = JSON.stringify(toProblem(new ServiceError('worker_died')))
  const [kind, ...rest] = textList(
    await runScript(redis, shard, 'start-lot', [lot, take, died, actorText(workerActor)]),
  )
  if (kind === 'split') {
    const [lane, priority, ...lots] = rest
    return {
      kind,
      tickets: lots.map((own) => ticketOf(shard, own, lane, priority)),
    }
  }
  if (kind === 'errand') return { kind, errand: parseErrand(rest) }
  if (kind === 'dead') {
    const [tenant = '', id = ''] = rest
    return { kind, tenant, id }
  }
  if (kind === 'started') {
    const [tenant = '', lane, ...requests] = rest
    return { kind, tenant, lane: lane as Lane, requests: parseWaiting(requests) }
  }
  return { kind: 'gone' }
}

function parseWaiting(triples: readonly string[]): WaitingRequest[] {
  const requests: WaitingRequest[] = []
  for (let i = 0; i + 2 < triples.length; i += 3) {
    const [id = '', keyId, spec = ''] = triples.slice(i, i + 3)
    requests.push({ id, spec: JSON.parse(spec) as Spec, ...(keyId && { keyId }) })
  }
  return requests
}

/** Stores what became of a lot's requests; gives how many took their result. */
export async function completeLot(
  redis: Redis,
  { shard, lot }: LotRun,
  tenant: string,
  results: readonly RequestResult[],
): Promise<number> {
  const values = results.flatMap((result) => [result.id, result.state, ...fieldsOf(result)])
  return Number(
    await runScript(redis, shard, 'complete-lot', [lot, tenant, actorText(workerActor), ...values]),
  )
}

function fieldsOf(result: RequestResult): ScriptArgument[] {
  if (result.state === 'failed') return [JSON.stringify(result.problem), '', '', '', '', '']
  if ('keyId' in result) return [result.csr, result.keyId, '', '', '', '']
  return [result.csr, '', result.algorithm, result.spki, result.sealed, result.custody]
}

/**
 * Lets go of a lot alive, so that its start does not count as a death; gives how often that was for this reason: `drain`,
 * the worker leaves; `wait`, something is away; `apart`, what went wrong may be one request's doing, so a lot of several
 * is split at its next start.
 */
export async function giveBackLot(
  redis: Redis,
  { shard, lot, take }: LotRun,
  why: 'drain' | 'wait' | 'apart',
): Promise<number> {
  return Number(await runScript(redis, shard, 'give-back-lot', [lot, take, why]))
}

/** Looks at `limit` released lots from `offset` on for those that have no job, older than `leastAge` milliseconds. */
export async function findLostLots(
  redis: Redis,
  shard: ShardTag,
  { offset, limit, leastAge }: { offset: number; limit: number; leastAge: number },
): Promise<{ nextOffset: number; tickets: LotTicket[] }> {
  const reply = await runScript(redis, shard, 'find-lost-lots', [offset, limit, leastAge])
  const [nextOffset, ...found] = textList(reply)
  const tickets = ticketsOf(shard, found)
  await countSwept(redis, tickets)
  return { nextOffset: Number(nextOffset), tickets }
}

/** From what a script says of lots: lot, lane and priority of each. */
export function ticketsOf(shard: ShardTag, lots: readonly string[]): LotTicket[] {
  const tickets: LotTicket[] = []
  for (let i = 0; i + 2 < lots.length; i += 3) {
    tickets.push(ticketOf(shard, lots[i], lots[i + 1], lots[i + 2]))
  }
  return tickets
}

/** From what a script says of a lot, whose lane is as createRequests wrote it. */
const ticketOf = (shard: ShardTag, lot = '', lane = '', priority = ''): LotTicket => ({
  shard,
  lot,
  lane: lane as Lane,
  priority: Number(priority),
})
