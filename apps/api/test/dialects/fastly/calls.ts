import { buildCsr, type GeneratedKey, keyAlgorithms, type Spec } from '@csr-foundry/csr'
import { completeLot, type RequestResult, startLot } from '@csr-foundry/records'
import { type ErrorCode, ServiceError, toProblem } from '@csr-foundry/service'
import type { TestApi } from '../../start-api.ts'

export const csrs = '/tls/certificate_signing_requests'
export const keys = '/tls/private_keys'
export const mediaType = 'application/vnd.api+json'

export type FastlyError = {
  readonly status: string
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly source?: { readonly pointer?: string; readonly parameter?: string }
}

export type Resource = {
  readonly id: string
  readonly type: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly relationships?: Readonly<Record<string, { data: unknown }>>
  readonly meta?: Readonly<Record<string, unknown>>
}

export type Document = {
  readonly data?: Resource
  readonly errors?: readonly FastlyError[]
  readonly links?: Readonly<Record<string, string | null>>
  readonly meta?: Readonly<Record<string, unknown>>
}

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': mediaType, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** A document that asks for a CSR with these attributes. */
export const csrOf = (attributes: object, more: object = {}) => ({
  data: { type: 'csr', attributes, ...more },
})

export const related = (id: string | null) => ({
  relationships: { tls_private_key: { data: { type: 'tls_private_key', id } } },
})

export async function documentOf(response: Response): Promise<Document> {
  return (await response.json()) as Document
}

/** What a call was refused with. */
export async function errorsOf(response: Response) {
  const { errors = [] } = await documentOf(response)
  return { status: response.status, errors }
}

const place = { tenant: 'default', shard: '{s10}' } as const

const recordOf = (id: string) => `${place.shard}:t:${place.tenant}:request:${id}`

/** What is stored of a request that is queued. */
export async function storedSpec({ redis }: TestApi, id: string): Promise<Spec> {
  return JSON.parse((await redis.hget(recordOf(id), 'spec')) ?? '') as Spec
}

/** Does a worker's part: takes the lot of the newest request, and stores a CSR that its own key has signed. */
export async function makeNewest(api: TestApi): Promise<string> {
  return settleNewest(api, async (id, spec) => {
    const algorithm = keyAlgorithms[spec.key.algorithm]
    const key: GeneratedKey = await algorithm.generate()
    const csr = await buildCsr(spec, key.spki, (bytes) =>
      algorithm.sign(key.privateKey, spec.key.digest, bytes),
    )
    const { custody } = spec
    const sealed = Buffer.from('sealed')
    return { id, state: 'ready', csr, algorithm: algorithm.name, spki: key.spki, sealed, custody }
  })
}

export async function failNewest(api: TestApi, code: ErrorCode): Promise<string> {
  return settleNewest(api, async (id) => {
    return { id, state: 'failed', problem: toProblem(new ServiceError(code)) }
  })
}

/** Takes the newest lot and leaves it: its request is running. */
export async function startNewest({ redis }: TestApi) {
  const lot = (await redis.get(`${place.shard}:next-lot`)) ?? ''
  const run = { shard: place.shard, lot, take: 'played' }
  const start = await startLot(redis, run)
  const request = start.kind === 'started' ? start.requests[0] : undefined
  if (!request) throw new Error(`The lot ${lot} has nothing to do.`)
  return { run, request }
}

async function settleNewest(
  api: TestApi,
  result: (id: string, spec: Spec) => Promise<RequestResult>,
): Promise<string> {
  const { run, request } = await startNewest(api)
  await completeLot(api.redis, run, place.tenant, [await result(request.id, request.spec)])
  return request.id
}
