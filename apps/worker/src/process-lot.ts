/**
 * One lot, from taken to done: a pipe of steps, each of which leaves less that can go wrong to the next.
 *
 *     start → for each request: key → build and sign → prove → seal → wipe → complete, all results in one script
 *
 * The key is generated, or one that is there is opened; of that one only the CSR is new. A private key exists in clear only
 * inside {@link makeWithNewKey} and {@link openKey}: its bytes are wiped, whatever happens.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import {
  buildCsr,
  type GeneratedKey,
  type KeyAlgorithmName,
  keyAlgorithms,
  proveCsr,
  type Spec,
} from '@csr-foundry/csr'
import { type Vault, VaultError } from '@csr-foundry/key-vault'
import {
  completeLot,
  type ErrandEnd,
  type LotRun,
  type LotStart,
  type RequestResult,
  readSealedKey,
  type SealedKey,
  startLot,
  type TenantPlace,
  type WaitingRequest,
} from '@csr-foundry/records'
import { type Logger, ServiceError, type Step, traceStep } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { problemOf } from './problem-of.ts'
import { processErrand } from './process-errand.ts'
import { proveBelonging, requestsToProve } from './prove-lot.ts'

export type LotContext = {
  readonly redis: Redis
  readonly vault: Vault
  /**
   * In a lot of EC or Ed25519 keys the first, the last and one in this many CSRs are read back and verified, of others all. Of every
   * one the public key is compared with that of the key which signed.
   */
  readonly verifyEvery: number
  readonly log: Logger
  /** Hears of each key that was generated, and how long it took. */
  readonly keyMade?: (algorithm: KeyAlgorithmName, seconds: number) => void
}

/** What a run of a lot found and did; `stored` is how many of its results were taken. */
export type LotDone =
  | { readonly start: Exclude<LotStart, { kind: 'started' | 'errand' }> }
  | {
      readonly start: Extract<LotStart, { kind: 'started' }>
      readonly results: readonly RequestResult[]
      readonly stored: number
    }
  | {
      readonly start: Extract<LotStart, { kind: 'errand' }>
      readonly end: ErrandEnd
      readonly stored: boolean
    }

/** Takes the lot and, where there is work in it, does it; `started` hears what was found, before anything can go wrong. */
export async function processLot(
  context: LotContext,
  run: LotRun,
  started: (start: LotStart) => void = () => {},
): Promise<LotDone> {
  const start = await startLot(context.redis, run)
  started(start)
  if (start.kind === 'errand') {
    return { start, ...(await processErrand(context, run, start.errand)) }
  }
  if (start.kind !== 'started') return { start }
  const place: TenantPlace = { tenant: start.tenant, shard: run.shard }
  const results = await traceStep(making, () => makeRequests(context, place, start.requests))
  const stored = await completeLot(context.redis, run, start.tenant, results)
  return { start, results, stored }
}

const making: Step = { name: 'generate and sign' }

async function makeRequests(
  context: LotContext,
  place: TenantPlace,
  requests: readonly WaitingRequest[],
): Promise<RequestResult[]> {
  const proved = requestsToProve(requests, context.verifyEvery)
  const results: RequestResult[] = []
  for (const request of requests) {
    results.push(await tryRequest(context, place, request, proved.has(request.id)))
  }
  return results
}

/** A fault of the request itself is its result; anything else is thrown and concerns the whole lot. */
async function tryRequest(
  context: LotContext,
  place: TenantPlace,
  request: WaitingRequest,
  isProved: boolean,
): Promise<RequestResult> {
  try {
    return await makeRequest(context, place, request, isProved)
  } catch (error) {
    const problem = problemOf(error)
    if (!problem) throw error
    return { id: request.id, state: 'failed', problem }
  }
}

async function makeRequest(
  context: LotContext,
  place: TenantPlace,
  { id, spec, keyId }: WaitingRequest,
  isProved: boolean,
): Promise<RequestResult> {
  if (keyId !== undefined) {
    const csr = await makeWithKey(context, { place, keyId, spec })
    return { id, state: 'ready', csr, keyId }
  }
  return await makeWithNewKey(context, { place, id, spec, isProved })
}

async function makeWithNewKey(
  { vault, keyMade }: LotContext,
  { place, id, spec, isProved }: { place: TenantPlace; id: string; spec: Spec; isProved: boolean },
): Promise<RequestResult> {
  const algorithm = keyAlgorithms[spec.key.algorithm]
  const began = performance.now()
  const { privateKey, publicKey, pkcs8, spki }: GeneratedKey = await algorithm.generate()
  keyMade?.(algorithm.name, (performance.now() - began) / 1_000)
  try {
    const csr = await signedCsr(spec, privateKey, spki)
    if (isProved) proveCsr(csr, { spec, spki, publicKey: createPublicKey(privateKey) })
    else proveBelonging(csr, { spec, spki, privateKey, publicKey })
    const { custody } = spec
    const sealed = await vault.seal(pkcs8, { place, keyId: id, spki, custody })
    return { id, state: 'ready', csr, algorithm: algorithm.name, spki, sealed, custody }
  } finally {
    pkcs8.fill(0)
  }
}

/** A CSR for a key that is there: it was stored long ago, so its signature is always verified. */
async function makeWithKey(
  context: LotContext,
  { place, keyId, spec }: { place: TenantPlace; keyId: string; spec: Spec },
): Promise<Buffer> {
  const stored = await readSealedKey(context.redis, place, keyId)
  // A key that is in use cannot be deleted.
  if (!stored) throw notMade(`The key ${keyId} is not there any more.`)
  const { spki } = stored
  const privateKey = await openKey(context, { place, keyId, ...stored })
  const csr = await signedCsr(spec, privateKey, spki)
  proveCsr(csr, { spec, spki, publicKey: createPublicKey(privateKey) })
  return csr
}

async function openKey(
  { vault, log }: LotContext,
  { sealed, ...owner }: SealedKey & { place: TenantPlace; keyId: string },
): Promise<KeyObject> {
  const { place, keyId } = owner
  const privateKey = await vault.open(sealed, owner).catch((error: unknown) => {
    if (!isDamaged(error)) throw error
    // Not `key`: a field of that name is redacted.
    log.error({ tenant: place.tenant, keyId, err: error }, 'stored key does not open')
    throw notMade(`The key ${keyId} does not open.`, error)
  })
  try {
    return createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  } finally {
    privateKey.fill(0)
  }
}

const isDamaged = (error: unknown) => error instanceof VaultError && error.code === 'sealed_damaged'

const notMade = (detail: string, cause?: unknown) =>
  new ServiceError('csr_not_made', { detail, cause })

/** Not to be stored before it is proved: it may be handed to a CA, so it has to be over the very key that is sealed. */
const signedCsr = (spec: Spec, privateKey: KeyObject, spki: Buffer): Promise<Buffer> =>
  buildCsr(spec, spki, (toBeSigned) =>
    keyAlgorithms[spec.key.algorithm].sign(privateKey, spec.key.digest, toBeSigned),
  )
