/**
 * Errands: what a caller waits for and a worker does, in a lot of its own on the fast lane. An errand that nobody begins is
 * forgotten after 120 s, what came of it after 60 s, or as soon as it is taken.
 */
import { randomUUID } from 'node:crypto'
import { type Problem, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type ActingPlace, actorText, workerActor } from './audit/actor.ts'
import type { LotRun } from './lots.ts'
import type { LotTicket } from './requests.ts'
import { requireRoom } from './room.ts'
import { runScript, textList } from './scripts.ts'

/** `exports`: of several keys at once, of which each that may not leave has its own reason. */
export type ErrandKind = 'export' | 'exports' | 'verify'

/** Names an errand within its tenant; what is sealed for it names it as well. */
export const newErrandId = (): string => randomUUID()

export type NewErrand = {
  readonly kind: ErrandKind
  /** From {@link newErrandId}. */
  readonly id: string
  /** What the worker needs, nothing of it secret in clear. */
  readonly input: string
  /** The ids of the keys that are to be exported, with commas between; '' for others. */
  readonly about: string
}

/** What a worker learns of an errand. */
export type Errand = NewErrand & {
  readonly tenant: string
  /** The request id of the call that waits for it. */
  readonly call: string
}

export type ErrandEnd =
  | { readonly state: 'done'; readonly result: string }
  | { readonly state: 'failed'; readonly problem: Problem }

/** How a held call knows it; see HeldCalls. */
export const errandName = ({ kind, id }: Pick<NewErrand, 'kind' | 'id'>) => `${kind}:${id}`

/** @throws {ServiceError} `key_not_found`, `key_not_exportable`, `storage_full` */
export async function createErrand(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { kind, id, input, about }: NewErrand,
): Promise<LotTicket> {
  await requireRoom(redis)
  const values = [tenant, kind, id, input, about, actorText(actor), actor.call ?? '']
  const [outcome, lot] = textList(await runScript(redis, shard, 'create-errand', values))
  if (outcome === 'key_not_found') {
    throw new ServiceError('key_not_found', { detail: `The key ${about} was not found.` })
  }
  if (outcome === 'not_exportable') {
    const detail = `The custody of the key ${about} is internal: it never leaves the service.`
    throw new ServiceError('key_not_exportable', { detail })
  }
  if (!lot) throw new ServiceError('internal')
  return { shard, lot, lane: 'fast', priority: 0 }
}

/** Stores what came of an errand, and ends its lot; false where nobody waits for it any more. */
export async function finishErrand(
  redis: Redis,
  { shard, lot }: LotRun,
  { tenant, kind, id, call }: Errand,
  end: ErrandEnd,
): Promise<boolean> {
  const result = end.state === 'done' ? end.result : JSON.stringify(end.problem)
  const actor = actorText({ ...workerActor, ...(call !== '' && { call }) })
  const values = [lot, tenant, kind, id, end.state, result, actor]
  return (await runScript(redis, shard, 'finish-errand', values)) === 1
}

/** Takes what came of an errand: it can be taken once. `queued` while a worker has not ended it. */
export async function takeErrand(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { kind, id }: Pick<NewErrand, 'kind' | 'id'>,
): Promise<ErrandEnd | { readonly state: 'queued' | 'gone' }> {
  const reply = await runScript(redis, shard, 'take-errand', [tenant, kind, id, actorText(actor)])
  const [state, result = ''] = textList(reply)
  if (state === 'done') return { state, result }
  if (state === 'failed') return { state, problem: JSON.parse(result) as Problem }
  return { state: state === 'queued' ? state : 'gone' }
}

/** From what start-lot says of it. */
export function parseErrand(parts: readonly string[]): Errand {
  const [tenant = '', kind, id = '', ...fields] = parts
  const record = new Map<string, string>()
  for (let i = 0; i + 1 < fields.length; i += 2) record.set(fields[i] ?? '', fields[i + 1] ?? '')
  const textOf = (name: string) => record.get(name) ?? ''
  return {
    tenant,
    // As createErrand wrote it.
    kind: kind as ErrandKind,
    id,
    input: textOf('input'),
    about: textOf('about'),
    call: textOf('call'),
  }
}
