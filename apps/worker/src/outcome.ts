/**
 * The one place that decides how a run of a lot ends: done, failed with a stored problem, or again.
 *
 * Rules: a lot that cannot be made is failed, with the document that a caller would have been given. What may pass by itself
 * (Redis or the vault away) is tried again for as long as it takes. What nobody foresaw is a bug: it is tried a few times,
 * since it may be of the moment, and then failed; first each request of its lot is tried alone. A CSR that does not prove
 * is such a bug: nothing of its lot is stored.
 */
import { VaultError } from '@csr-foundry/key-vault'
import type { LotOutcome, LotQueues } from '@csr-foundry/queue'
import {
  completeLot,
  giveBackLot,
  type LotRun,
  type LotStart,
  type RequestResult,
  redisTrouble,
  startLot,
} from '@csr-foundry/records'
import { type Logger, ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type LotContext, processLot } from './process-lot.ts'

const triesOfUnforeseen = 3
const firstRest = 500
const longestRest = 30_000

export type OutcomeContext = LotContext & { readonly queues: LotQueues }

/** Runs a lot and owns its ending; does not throw. */
export async function runLot(context: OutcomeContext, run: LotRun): Promise<LotOutcome> {
  try {
    const { start, results, stored } = await processLot(context, run)
    await followUp(context, start)
    report(context.log, run, start, results, stored)
    return { done: true }
  } catch (error) {
    return await again(context, run, error)
  }
}

async function followUp({ queues, log }: OutcomeContext, start: LotStart): Promise<void> {
  if (start.kind === 'split') {
    // Should this process die before all are added, the sweep adds the rest.
    for (const ticket of start.tickets) await queues.add(ticket)
  }
  if (start.kind === 'dead') {
    log.error({ tenant: start.tenant, path: start.id }, 'set aside: two workers died with this lot')
  }
}

function report(
  log: Logger,
  { lot }: LotRun,
  start: LotStart,
  results: readonly RequestResult[],
  stored: number,
): void {
  if (start.kind !== 'started') {
    log.info({ lot, kind: start.kind }, 'lot not worked on')
    return
  }
  const failed = results.filter(({ state }) => state === 'failed').length
  const paths = results.map(({ id }) => id)
  log.info({ lot, lane: start.lane, tenant: start.tenant, paths, failed, stored }, 'lot done')
}

async function again(context: OutcomeContext, run: LotRun, error: unknown): Promise<LotOutcome> {
  const { redis, log } = context
  const passes = mayPass(error)
  const tries = await giveBackLot(redis, run, passes ? 'wait' : 'apart').catch(() => 1)
  if (passes || tries < triesOfUnforeseen) {
    const againIn = Math.min(longestRest, firstRest * 2 ** Math.max(0, tries - 1))
    log[passes ? 'warn' : 'error'](
      { lot: run.lot, tries, againIn, err: error },
      'lot is tried again',
    )
    return { againIn }
  }
  log.error({ lot: run.lot, tries, err: error }, 'lot failed')
  return await failLot(redis, run).catch((failure: unknown) => {
    log.error({ lot: run.lot, err: failure }, 'lot could not be failed')
    return { againIn: longestRest }
  })
}

/** Redis comes back, and a full one is given room; so does the vault's master key. */
const mayPass = (error: unknown) => error instanceof VaultError || redisTrouble(error) !== undefined

async function failLot(redis: Redis, run: LotRun): Promise<LotOutcome> {
  const start = await startLot(redis, run)
  if (start.kind !== 'started') return { done: true }
  const problem = toProblem(new ServiceError('csr_not_made'))
  const results = start.requests.map(({ id }) => ({ id, state: 'failed', problem }) as const)
  await completeLot(redis, run, start.tenant, results)
  return { done: true }
}
