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
  finishErrand,
  giveBackLot,
  type LotRun,
  type LotStart,
  redisTrouble,
  startLot,
} from '@csr-foundry/records'
import { type Logger, noteOnSpan, ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type LotContext, type LotDone, processLot } from './process-lot.ts'

const triesOfUnforeseen = 3
const firstRest = 500
const longestRest = 30_000

export type OutcomeContext = LotContext & { readonly queues: LotQueues }

/** Runs a lot and owns its ending; does not throw. */
export async function runLot(context: OutcomeContext, run: LotRun): Promise<LotOutcome> {
  let paths: readonly string[] | undefined
  try {
    const done = await processLot(context, run, (start) => {
      paths = noteStart(run, start)
    })
    await followUp(context, done.start)
    report(context.log, run, done)
    return { done: true }
  } catch (error) {
    return await again(context, run, { error, paths })
  }
}

/** What the lot is about, for its span and for the lines that are written should it not end well. */
function noteStart({ lot }: LotRun, start: LotStart): readonly string[] | undefined {
  const ids = { 'csr_foundry.lot': lot }
  if (start.kind === 'errand') {
    const { kind, tenant } = start.errand
    noteOnSpan({ ...ids, 'csr_foundry.lot.kind': kind, 'csr_foundry.tenant': tenant })
  }
  if (start.kind !== 'started') return undefined
  const { tenant, lane, requests } = start
  const paths = requests.map(({ id }) => id)
  noteOnSpan({
    ...{ ...ids, 'csr_foundry.lot.kind': 'make', 'csr_foundry.lane': lane },
    ...{ 'csr_foundry.tenant': tenant, 'csr_foundry.paths': paths },
  })
  return paths
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

function report(log: Logger, { lot }: LotRun, done: LotDone): void {
  if ('end' in done) {
    const { tenant, kind, id, about, call } = done.start.errand
    const { stored, end } = done
    const code = end.state === 'failed' ? end.problem.code : undefined
    // Not `key`: a field of that name is redacted.
    const ids = { keyId: about || undefined, requestId: call || undefined }
    log.info(
      { lot, tenant, kind, errand: id, ...ids, state: end.state, code, stored },
      'errand done',
    )
    return
  }
  if (!('results' in done)) {
    log.info({ lot, kind: done.start.kind }, 'lot not worked on')
    return
  }
  const { start, results, stored } = done
  const failed = results.filter(({ state }) => state === 'failed').length
  const paths = results.map(({ id }) => id)
  log.info({ lot, lane: start.lane, tenant: start.tenant, paths, failed, stored }, 'lot done')
}

type Broken = { readonly error: unknown; readonly paths: readonly string[] | undefined }

async function again(
  context: OutcomeContext,
  run: LotRun,
  { error, paths }: Broken,
): Promise<LotOutcome> {
  const { redis, log } = context
  const passes = mayPass(error)
  const tries = await giveBackLot(redis, run, passes ? 'wait' : 'apart').catch(() => 1)
  if (passes || tries < triesOfUnforeseen) {
    noteOnSpan({ 'csr_foundry.outcome': 'again' }, true)
    const againIn = Math.min(longestRest, firstRest * 2 ** Math.max(0, tries - 1))
    log[passes ? 'warn' : 'error'](
      { lot: run.lot, paths, tries, againIn, err: error },
      'lot is tried again',
    )
    return { againIn }
  }
  noteOnSpan({ 'csr_foundry.outcome': 'failed' }, true)
  log.error({ lot: run.lot, paths, tries, err: error }, 'lot failed')
  return await failLot(redis, run).catch((failure: unknown) => {
    log.error({ lot: run.lot, paths, err: failure }, 'lot could not be failed')
    return { againIn: longestRest }
  })
}

/** Redis comes back, and a full one is given room; so does the vault's master key. */
const mayPass = (error: unknown) => error instanceof VaultError || redisTrouble(error) !== undefined

async function failLot(redis: Redis, run: LotRun): Promise<LotOutcome> {
  const start = await startLot(redis, run)
  if (start.kind === 'errand') {
    const problem = toProblem(new ServiceError('errand_not_done'))
    await finishErrand(redis, run, start.errand, { state: 'failed', problem })
    return { done: true }
  }
  if (start.kind !== 'started') return { done: true }
  const problem = toProblem(new ServiceError('csr_not_made'))
  const results = start.requests.map(({ id }) => ({ id, state: 'failed', problem }) as const)
  await completeLot(redis, run, start.tenant, results)
  return { done: true }
}
