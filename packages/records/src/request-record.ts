import type { KeyAlgorithmName, Spec } from '@csr-foundry/csr'
import type { Problem } from '@csr-foundry/service'
import type { Lane } from './lane.ts'
import type { RequestState } from './state-machine.ts'

/** Milliseconds since the epoch, by the clock of Redis. */
type Times = { readonly created: number; readonly started?: number; readonly finished?: number }

type Common = {
  readonly id: string
  readonly ref?: string
  /** Of its key, be it made already or not. */
  readonly algorithm: KeyAlgorithmName
  /** The key that it names, or the one that was made for it. */
  readonly keyId?: string
  /** The key that is made for it stays when it is deleted. */
  readonly keepKey?: true
  readonly times: Times
}

/** A request as its readers see it. `queued` with `times.started` is running. */
export type RequestRecord =
  | (Common & { readonly state: 'queued'; readonly spec: Spec; readonly lane: Lane })
  | (Common & { readonly state: 'ready'; readonly csr: Buffer; readonly keyId: string })
  | (Common & { readonly state: 'failed'; readonly spec: Spec; readonly problem: Problem })
  | (Common & { readonly state: 'cancelled'; readonly commonName?: string })

/** A request as lists show it: without its spec, its CSR and its problem. */
export type RequestSummary = Omit<Common, 'algorithm'> & {
  readonly state: RequestState
  /** Undefined for what release 0.1 left queued or failed. */
  readonly algorithm?: KeyAlgorithmName
  /** The first of several; undefined as well for what release 0.1 recorded. */
  readonly commonName?: string
}

/** A request that is in one state. */
export type RequestIn<State extends RequestRecord['state']> = Extract<
  RequestRecord,
  { state: State }
>

/** A request from its fields in Redis; undefined where there are none, or no more than that it was deleted. */
export function parseRequest(
  id: string,
  fields: ReadonlyMap<string, Buffer>,
): RequestRecord | undefined {
  const state = fields.get('state')?.toString() ?? ''
  return parsers[state]?.(new Fields(id, fields))
}

/** The fields that a reader of a ready request sees; `parseReady` takes their values in this order. */
export const readyFields = [
  ...['state', 'algorithm', 'key', 'csr', 'created', 'started', 'finished', 'ref', 'keep'],
] as const

/**
 * A ready request from the values of `readyFields`; undefined where it is not ready, or was made by release 0.1. Without
 * the map and the lookups of `parseRequest`: this is the call that is made most often.
 */
export function parseReady(
  id: string,
  values: readonly (Buffer | null)[],
): RequestIn<'ready'> | undefined {
  const [state, algorithm, key, csr, created, started, finished, ref, keep] = values
  if (state?.toString() !== 'ready') return undefined
  if (!algorithm || !key || !csr || !created || !started || !finished) return undefined
  return {
    id,
    ...(ref && { ref: ref.toString() }),
    keyId: key.toString(),
    ...(keep && { keepKey: true }),
    times: { created: Number(created), started: Number(started), finished: Number(finished) },
    // As createRequests wrote it.
    algorithm: algorithm.toString() as KeyAlgorithmName,
    state: 'ready',
    csr,
  }
}

/** A request from the fields that a list reads of it. */
export function parseSummary(id: string, values: ReadonlyMap<string, Buffer>): RequestSummary {
  const fields = new Fields(id, values)
  const [algorithm, commonName] = [fields.find('algorithm'), fields.find('commonName')]
  return {
    ...recordedOf(fields),
    // As createRequests wrote them.
    state: fields.text('state') as RequestState,
    ...(algorithm !== undefined && { algorithm: algorithm as KeyAlgorithmName }),
    ...(commonName !== undefined && { commonName }),
  }
}

const parsers: Record<string, (fields: Fields) => RequestRecord> = {
  queued(fields) {
    // Written by us from a parsed spec: not parsed again.
    const spec = fields.json<Spec>('spec')
    const { algorithm } = spec.key
    const lane = fields.text('lane') as Lane
    return { ...commonOf(fields, algorithm), state: 'queued', spec, lane }
  },
  ready(fields) {
    const common = commonOf(fields, fields.text('algorithm') as KeyAlgorithmName)
    return { ...common, state: 'ready', csr: fields.bytes('csr'), keyId: fields.text('key') }
  },
  failed(fields) {
    const spec = fields.json<Spec>('spec')
    const problem = fields.json<Problem>('problem')
    return { ...commonOf(fields, spec.key.algorithm), state: 'failed', spec, problem }
  },
  cancelled(fields) {
    const common = commonOf(fields, fields.text('algorithm') as KeyAlgorithmName)
    const commonName = fields.find('commonName')
    return { ...common, state: 'cancelled', ...(commonName !== undefined && { commonName }) }
  },
}

const commonOf = (fields: Fields, algorithm: KeyAlgorithmName): Common => ({
  ...recordedOf(fields),
  algorithm,
})

function recordedOf(fields: Fields): Omit<Common, 'algorithm'> {
  const [ref, keyId] = [fields.find('ref'), fields.find('key')]
  const started = fields.find('started') ?? fields.find('running')
  const finished = fields.find('finished')
  return {
    id: fields.id,
    ...(ref !== undefined && { ref }),
    ...(keyId !== undefined && { keyId }),
    ...(fields.find('keep') !== undefined && { keepKey: true }),
    times: {
      created: Number(fields.find('created') ?? 0),
      ...(started !== undefined && { started: Number(started) }),
      ...(finished !== undefined && { finished: Number(finished) }),
    },
  }
}

class Fields {
  readonly id: string
  readonly #fields: ReadonlyMap<string, Buffer>

  constructor(id: string, fields: ReadonlyMap<string, Buffer>) {
    this.id = id
    this.#fields = fields
  }

  find(name: string): string | undefined {
    return this.#fields.get(name)?.toString()
  }

  bytes(name: string): Buffer {
    const value = this.#fields.get(name)
    if (!value) throw new Error(`The record of request ${this.id} has no ${name}.`)
    return value
  }

  text(name: string): string {
    return this.bytes(name).toString()
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T
  }
}
