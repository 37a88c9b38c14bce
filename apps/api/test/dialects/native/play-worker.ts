import { buildCsr, keyAlgorithms } from '@csr-foundry/csr'
import {
  completeLot,
  type RequestResult,
  readKey,
  shardTag,
  startLot,
  type TenantPlace,
  tenantKeys,
  type WaitingRequest,
} from '@csr-foundry/records'
import { type Problem, ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'

const place: TenantPlace = { tenant: 'default', shard: shardTag(0) }

/** Takes the lot of a queued request, as a worker does. */
export async function take(redis: Redis, id: string, { tenant, shard } = place) {
  const lot = await redis.hget(tenantKeys(shard, tenant).request(id), 'lot')
  const run = { shard, lot: lot ?? '', take: 'test' }
  const start = await startLot(redis, run)
  const request = start.kind === 'started' ? start.requests[0] : undefined
  if (!request) throw new Error(`The request ${id} is not waiting.`)
  return {
    finish: async () => completeLot(redis, run, tenant, [await make(redis, request)]),
    fail: (problem = notMade) =>
      completeLot(redis, run, tenant, [{ id, state: 'failed', problem }]),
  }
}

const notMade: Problem = toProblem(new ServiceError('csr_not_made'))

/** A CSR as a worker makes it; but nothing is sealed, as nobody opens it. */
async function make(redis: Redis, request: WaitingRequest): Promise<RequestResult> {
  const { id, spec, keyId } = request
  const { generate, sign } = keyAlgorithms[spec.key.algorithm]
  const { privateKey, spki } = await generate()
  const own = keyId === undefined ? spki : (await readKey(redis, place, keyId))?.spki
  const csr = await buildCsr(spec, own ?? spki, (data) => sign(privateKey, spec.key.digest, data))
  if (keyId !== undefined) return { id, state: 'ready', csr, keyId }
  const sealed = Buffer.from('sealed')
  const { custody } = spec
  return { id, state: 'ready', csr, algorithm: spec.key.algorithm, spki, sealed, custody }
}
