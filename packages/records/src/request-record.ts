import { type KeyAlgorithmName, readSubject, type Spec } from '@csr-foundry/csr'
import type { Problem } from '@csr-foundry/service'

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
  | (Common & { readonly state: 'queued'; readonly spec: Spec; readonly lane: string })
  | (Common & { readonly state: 'ready'; readonly csr: Buffer; readonly keyId: string })
  | (Common & { readonly state: 'failed'; readonly spec: Spec; readonly problem: Problem })
  | (Common & { readonly state: 'cancelled'; readonly commonName?: string })

/** A request from its fields in Redis; undefined where there are none, or no more than that it was deleted. */
export function parseRequest(
  id: string,
  fields: ReadonlyMap<string, Buffer>,
): RequestRecord | undefined {
  const state = fields.get('state')?.toString() ?? ''
  return parsers[state]?.(new Fields(id, fields))
}

/** The common name that a request asks for, the first of several; undefined where its subject has none. */
export function commonNameOf(record: RequestRecord): string | undefined {
  if (record.state === 'cancelled') return record.commonName
  return commonNamesOf(record)[0]
}

/** All common names that a request asks for. */
export function commonNamesOf(record: RequestRecord): string[] {
  if (record.state === 'cancelled') return record.commonName ? [record.commonName] : []
  const subject = record.state === 'ready' ? readSubject(record.csr) : record.spec.subject
  return subject.flatMap((rdn) => rdn.flatMap(({ type, value }) => (type === 'CN' ? [value] : [])))
}

const parsers: Record<string, (fields: Fields) => RequestRecord> = {
  queued(fields) {
    // Written by us from a parsed spec: not parsed again.
    const spec = fields.json<Spec>('spec')
    const { algorithm } = spec.key
    return { ...commonOf(fields, algorithm), state: 'queued', spec, lane: fields.text('lane') }
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

function commonOf(fields: Fields, algorithm: KeyAlgorithmName): Common {
  const [ref, keyId] = [fields.find('ref'), fields.find('key')]
  const started = fields.find('started') ?? fields.find('running')
  const finished = fields.find('finished')
  return {
    id: fields.id,
    ...(ref !== undefined && { ref }),
    algorithm,
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
