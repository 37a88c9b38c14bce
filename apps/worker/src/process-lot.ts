/**
 * One lot, from taken to done: a pipe of steps, each of which leaves less that can go wrong to the next.
 *
 *     start → for each request: generate → build and sign → prove → seal → wipe → complete, all results in one script
 *
 * A private key exists in clear only inside {@link makeRequest}: it is exported once, sealed, and wiped, whatever happens.
 */
import { createPublicKey } from 'node:crypto'
import {
  buildCsr,
  exportPrivateKey,
  type GeneratedKey,
  keyAlgorithms,
  proveCsr,
} from '@csr-foundry/csr'
import type { Vault } from '@csr-foundry/key-vault'
import {
  completeLot,
  type LotRun,
  type LotStart,
  type RequestResult,
  startLot,
  type TenantPlace,
  type WaitingRequest,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { problemOf } from './problem-of.ts'

export type LotContext = {
  readonly redis: Redis
  readonly vault: Vault
  /** In a lot of EC or Ed25519 keys the signature of the first, the last and one in this many CSRs is verified; of others all. */
  readonly verifyEvery: number
}

/** Takes the lot and, where there is work in it, does it; gives what was found and how many results were stored. */
export async function processLot(
  context: LotContext,
  run: LotRun,
): Promise<{ start: LotStart; results: readonly RequestResult[]; stored: number }> {
  const start = await startLot(context.redis, run)
  if (start.kind !== 'started') return { start, results: [], stored: 0 }
  const place: TenantPlace = { tenant: start.tenant, shard: run.shard }
  const verified = requestsToVerify(start.requests, context.verifyEvery)
  const results: RequestResult[] = []
  for (const request of start.requests) {
    results.push(await tryRequest(context, place, request, verified.has(request.id)))
  }
  const stored = await completeLot(context.redis, run, start.tenant, results)
  return { start, results, stored }
}

/** A fault of the request itself is its result; anything else is thrown and concerns the whole lot. */
async function tryRequest(
  context: LotContext,
  place: TenantPlace,
  request: WaitingRequest,
  verifySignature: boolean,
): Promise<RequestResult> {
  try {
    return await makeRequest(context, place, request, verifySignature)
  } catch (error) {
    const problem = problemOf(error)
    if (!problem) throw error
    return { id: request.id, state: 'failed', problem }
  }
}

async function makeRequest(
  { vault }: LotContext,
  place: TenantPlace,
  { id, spec }: WaitingRequest,
  verifySignature: boolean,
): Promise<RequestResult> {
  const algorithm = keyAlgorithms[spec.key.algorithm]
  const key: GeneratedKey = await algorithm.generate()
  const csr = await buildCsr(spec, key.spki, (toBeSigned) =>
    algorithm.sign(key.privateKey, spec.key.digest, toBeSigned),
  )
  // From here on the CSR may be handed to a CA: it must be the one that was asked for, over the very key that is sealed.
  // The public key is derived from the private one anew: that is the key that signed and is to be sealed.
  const publicKey = createPublicKey(key.privateKey)
  proveCsr(csr, { spec, spki: key.spki, publicKey, verifySignature })
  const privateKey = exportPrivateKey(key)
  try {
    const sealed = await vault.seal(privateKey, {
      place,
      keyId: id,
      spki: key.spki,
      custody: spec.custody,
    })
    return {
      id,
      state: 'ready',
      csr,
      algorithm: algorithm.name,
      spki: key.spki,
      sealed,
      custody: spec.custody,
    }
  } finally {
    privateKey.fill(0)
  }
}

/** Every RSA and ML-DSA key, and in lots of the others the first, the last and one in `verifyEvery` at random. */
export function requestsToVerify(
  requests: readonly WaitingRequest[],
  verifyEvery: number,
): Set<string> {
  const last = requests.length - 1
  const chosen = requests.filter(
    ({ spec }, index) =>
      keyAlgorithms[spec.key.algorithm].verified === 'each' ||
      index === 0 ||
      index === last ||
      Math.random() * verifyEvery < 1,
  )
  return new Set(chosen.map(({ id }) => id))
}
