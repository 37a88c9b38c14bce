/** Requests of a tenant of their own, brought as far as a test needs them. */
import type { Spec } from '@csr-foundry/csr'
import { ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import {
  completeLot,
  createRequests,
  type LotRun,
  type LotTicket,
  type RequestResult,
  shardTag,
  startLot,
  type TenantPlace,
} from '../src/index.ts'

let tenants = 0
let takes = 0

/** A tenant that no other test has. */
export const newTenant = (shard = shardTag(0)): TenantPlace => ({ tenant: `t${++tenants}`, shard })

export const aSpec = (ref?: string): Spec => ({
  ...(ref !== undefined && { ref }),
  subject: [[{ type: 'CN', value: 'edge-1.example.com' }]],
  subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
})

export type Created = { readonly ids: string[]; readonly ticket: LotTicket }

/** Creates `count` requests in one lot. */
export async function create(redis: Redis, place: TenantPlace, count = 1): Promise<Created> {
  const specs = Array.from({ length: count }, () => aSpec())
  const { firstId, ticket } = await createRequests(redis, place, {
    requests: specs.map((spec) => ({ spec })),
    lane: 'fast',
    priority: 0,
  })
  return { ids: specs.map((_, i) => String(Number(firstId) + i)), ticket }
}

/** A run of a lot under a take that no other run has. */
export const newRun = ({ shard, lot }: Pick<LotTicket, 'shard' | 'lot'>): LotRun => ({
  shard,
  lot,
  take: `take-${++takes}`,
})

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

export const failedResult = (id: string): RequestResult => ({
  id,
  state: 'failed',
  problem: toProblem(new ServiceError('csr_not_made')),
})

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
