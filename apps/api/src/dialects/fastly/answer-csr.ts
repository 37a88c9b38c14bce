/** What is answered about a request for a CSR: the CSR, or the job that makes it. */
import { toPem } from '@csr-foundry/csr'
import { estimateWait, laneOf } from '@csr-foundry/queue'
import type { RequestRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import type { Env, Services } from '../../services.ts'
import { answer } from './json-api.ts'

export type In<State extends RequestRecord['state']> = Extract<RequestRecord, { state: State }>

type Making = { readonly created?: boolean; readonly warnings?: readonly string[] }

/** The CSR where it is there, else 202 with its job. `created`: in answer to the call that asked for it. */
export async function answerCsr(
  services: Services,
  c: Context<Env>,
  found: RequestRecord | undefined,
  { created = false, warnings = [] }: Making = {},
): Promise<Response> {
  const record = made(found)
  const meta = warnings.length > 0 ? { meta: { warnings } } : {}
  if (record.state === 'queued') {
    c.header('Content-Location', `/tls/csr_jobs/${record.id}`)
    return answer(c, { ...(await jobDocument(services, c, record)), ...meta }, 202)
  }
  if (created) c.header('Location', csrPath(record.id))
  return answer(c, { data: csrResource(record), ...meta }, created ? 201 : 200)
}

/** A request that has a CSR or will have one. @throws {ServiceError} for any other, with what it was stored with */
export function made(record: RequestRecord | undefined): In<'ready' | 'queued'> {
  if (!record) throw new ServiceError('path_not_found')
  if (record.state === 'cancelled') throw new ServiceError('request_cancelled')
  if (record.state === 'failed') {
    const { code, detail } = record.problem
    throw new ServiceError(code, { detail })
  }
  return record
}

export const csrPath = (id: string) => `/tls/certificate_signing_requests/${id}`

export function csrResource(record: RequestRecord) {
  const { id, keyId } = record
  const key = keyId === undefined ? null : { type: 'tls_private_key', id: keyId }
  return {
    id,
    type: 'csr',
    attributes: { content: record.state === 'ready' ? toPem(record.csr) : null },
    relationships: { tls_private_key: { data: key } },
  }
}

/** The job of a request that is queued or running; says when to ask again. */
export async function jobDocument(
  { redis, queues }: Services,
  c: Context<Env>,
  record: In<'queued'>,
) {
  const { id, algorithm, keyId, times } = record
  const lane = keyId === undefined ? laneOf(algorithm) : 'fast'
  const seconds = await estimateWait(redis, queues, c.get('place').shard, lane)
  c.header('Retry-After', String(seconds))
  const attributes = {
    status: statusOf(record),
    created_at: new Date(times.created).toISOString(),
    retry_after: seconds,
  }
  return { data: { id, type: 'csr_jobs', attributes } }
}

/** A queued request that a worker has in hand is running. */
export function statusOf({ state, times }: RequestRecord) {
  return state === 'queued' && times.started !== undefined ? 'running' : state
}
