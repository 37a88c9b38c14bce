/** What a batch is made of, block by block, in the order of its input. */
import type { KeyAlgorithmName } from '@csr-foundry/csr'
import type { Problem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { tenantKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { type Reply, runScript } from '../scripts.ts'
import type { RequestState } from '../state-machine.ts'
import { blockSize } from './block-size.ts'
import type { RejectedRow } from './intake.ts'

export type Block = { readonly base: string; readonly digest: string }

/** Blocks from a number on; fewer than `limit` where there are no more. */
export async function readBlocks(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<Block[]> {
  const numbers = Array.from({ length: limit }, (_, i) => String(from + i))
  const found = await redis.hmget(tenantKeys(shard, tenant).batchBlocks(id), ...numbers)
  return found.flatMap((block) => {
    const [base = '', digest = ''] = block?.split(' ') ?? []
    return base === '' ? [] : [{ base, digest }]
  })
}

/** One row of a batch. */
export type BatchResult = {
  /** Its place in the input, from 0. */
  readonly row: number
  readonly id: string
  readonly ref?: string
  readonly state: RequestState
  readonly algorithm: KeyAlgorithmName
  /** The key that it names, or the one that was made for it. */
  readonly keyId?: string
  /** DER; of what is ready. */
  readonly csr?: Buffer
  /** Of what has failed. */
  readonly problem?: Problem
}

export type ResultPage = {
  readonly results: readonly BatchResult[]
  /** The row at which it goes on; undefined at the end of what is there by now. */
  readonly next?: number
}

/**
 * Results from a row on, up to the end of its block, or to 512 KiB of CSRs. Rejected and deleted rows are not among them, nor
 * those of an atomic batch before its release: a page can be empty and still go on.
 *
 * @param state only those in this state
 */
export async function readResults(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  batchId: string,
  { row, state }: { readonly row: number; readonly state?: RequestState | undefined },
): Promise<ResultPage> {
  const values = [tenant, batchId, row, state ?? '']
  const [next, ...found] = listOf(await runScript(redis, shard, 'read-block', values))
  const results = found.map(parseResult)
  return { results, ...(Number(next) >= 0 && { next: Number(next) }) }
}

/** All results of a block; see {@link readResults}. */
export async function readBlockResults(
  redis: Redis,
  place: TenantPlace,
  batchId: string,
  number: number,
): Promise<BatchResult[]> {
  const results: BatchResult[] = []
  const end = (number + 1) * blockSize
  let row: number | undefined = number * blockSize
  while (row !== undefined && row < end) {
    const page: ResultPage = await readResults(redis, place, batchId, { row })
    results.push(...page.results)
    row = page.next
  }
  return results
}

const listOf = (reply: Reply | undefined): Reply[] => (Array.isArray(reply) ? reply : [])

function parseResult(found: Reply): BatchResult {
  const [row, id, ...values] = listOf(found)
  const [state, ref, algorithm, keyId, csr, problem] = values.map(bufferOf)
  return {
    row: Number(row),
    id: String(id),
    ...(ref && { ref: ref.toString() }),
    // As the scripts wrote them.
    state: String(state) as RequestState,
    algorithm: String(algorithm) as KeyAlgorithmName,
    ...(keyId && { keyId: keyId.toString() }),
    ...(csr && { csr }),
    ...(problem && { problem: JSON.parse(problem.toString()) as Problem }),
  }
}

const bufferOf = (value: Reply) => (Buffer.isBuffer(value) ? value : undefined)

/** Rejected rows in the order of their lines; `next` is the line after which the list goes on. */
export async function listRejected(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
  { after = 0, limit }: { readonly after?: number; readonly limit: number },
): Promise<{ rejected: RejectedRow[]; next?: number }> {
  const { batchRejected } = tenantKeys(shard, tenant)
  const range = ['BYSCORE', 'LIMIT', 0, limit + 1] as const
  const found = await redis.zrange(batchRejected(id), `(${after}`, '+inf', ...range)
  const rejected = found.slice(0, limit).map((text) => JSON.parse(text) as RejectedRow)
  const next = found.length > limit ? rejected.at(-1)?.line : undefined
  return { rejected, ...(next !== undefined && { next }) }
}
