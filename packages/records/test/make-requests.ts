/** Requests of a tenant of their own, brought as far as a test needs them. */
import type { Spec } from '@csr-foundry/csr'
import { ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import {
  type ActingPlace,
  type Actor,
  completeLot,
  createRequests,
  type Errand,
  importKey,
  type LotRun,
  type LotTicket,
  type NewRequest,
  type NewRequests,
  type RequestResult,
  retryRequest,
  shardTag,
  startLot,
  type TenantPlace,
  takeId,
} from '../src/index.ts'

let tenants = 0
let takes = 0

/** Whoever makes the changes of a test. */
export const actor: Actor = { by: 'user:tester', from: '192.0.2.1', call: 'call-1' }

/** A tenant that no other test has. */
export const newTenant = (shard = shardTag(0)): ActingPlace => ({
  tenant: `t${++tenants}`,
  shard,
  actor,
})

export const aSpec = (ref?: string): Spec => ({
  ...(ref !== undefined && { ref }),
  subject: [[{ type: 'CN', value: 'edge-1.example.com' }]],
  subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
})

export type Created = { readonly ids: string[]; readonly ticket: LotTicket }

/** Creates requests in one lot, which no call before has done. */
export async function createNew(
  redis: Redis,
  place: ActingPlace,
  requests: NewRequests,
): Promise<{ firstId: string; ticket: LotTicket }> {
  const { firstId, ticket } = await createRequests(redis, place, requests)
  if (!ticket) throw new Error(`They were created before, from ${firstId} on.`)
  return { firstId, ticket }
}

/** Creates `count` requests in one lot, all alike. */
export async function create(
  redis: Redis,
  place: ActingPlace,
  count = 1,
  request: Partial<NewRequest> = {},
): Promise<Created> {
  const requests = Array.from({ length: count }, () => ({ spec: aSpec(), ...request }))
  const lot = { requests, lane: 'fast', priority: 0 } as const
  const { firstId, ticket } = await createNew(redis, place, lot)
  return { ids: requests.map((_, i) => String(Number(firstId) + i)), ticket }
}

/** Imports a key whose parts all say `what`; gives its id. */
export async function importOne(
  redis: Redis,
  place: ActingPlace,
  what: string,
  name?: string,
): Promise<string> {
  const id = await takeId(redis, place)
  const answer = await importKey(redis, place, {
    id,
    algorithm: 'ecdsa-p384',
    spki: Buffer.from(`spki of ${what}`),
    sealed: Buffer.from(`sealed of ${what}`),
    custody: 'exportable',
    ...(name !== undefined && { name }),
  })
  if (!answer.imported) throw new Error(`It is known: ${JSON.stringify(answer)}.`)
  return id
}

/** A run of a lot under a take that no other run has. */
export const newRun = ({ shard, lot }: Pick<LotTicket, 'shard' | 'lot'>): LotRun => ({
  shard,
  lot,
  take: `take-${++takes}`,
})

/** Has a worker take an errand up. */
export async function beginErrand(
  redis: Redis,
  ticket: LotTicket,
): Promise<{ run: LotRun; errand: Errand }> {
  const run = newRun(ticket)
  const start = await startLot(redis, run)
  if (start.kind !== 'errand') throw new Error(`The start is ${start.kind}.`)
  return { run, errand: start.errand }
}

/** A result whose every part names the request and `maker`, so that a mix of two is seen. */
export const readyResult = (id: string, maker = 'one'): RequestResult => ({
  id,
  state: 'ready',
  csr: Buffer.from(`csr of ${id} by ${maker}`),
  algorithm: 'ecdsa-p256',
  spki: Buffer.from(`spki of ${id} by ${maker}`),
  sealed: Buffer.from(`sealed of ${id} by ${maker}`),
  custody: 'internal',
})

/** The result of a request that names a key. */
export const signedResult = (id: string, keyId: string, maker = 'one'): RequestResult => ({
  id,
  state: 'ready',
  csr: Buffer.from(`csr of ${id} by ${maker}`),
  keyId,
})

export const failedResult = (id: string): RequestResult => ({
  id,
  state: 'failed',
  problem: toProblem(new ServiceError('csr_not_made')),
})

/** Queues a failed request again, which must be possible. */
export async function retry(
  redis: Redis,
  place: ActingPlace,
  id: string,
  priority = 0,
): Promise<LotTicket> {
  const ticket = await retryRequest(redis, place, id, { priority })
  if (typeof ticket === 'string') throw new Error(`The request is ${ticket}.`)
  return ticket
}

/** Takes a lot and ends it; gives how many requests took their result. */
export async function workOff(
  redis: Redis,
  place: TenantPlace,
  { ids, ticket }: Created,
  result: (id: string) => RequestResult = readyResult,
): Promise<number> {
  const run = newRun(ticket)
  await startLot(redis, run)
  return await completeLot(
    redis,
    run,
    place.tenant,
    ids.map((id) => result(id)),
  )
}
