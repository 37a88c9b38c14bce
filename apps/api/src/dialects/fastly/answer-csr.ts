/** What is answered about a request for a CSR: the CSR, or the job that makes it. */
import { toPem } from '@csr-foundry/csr'
import { states } from '@csr-foundry/native-api'
import type { RequestIn, RequestRecord, RequestSummary } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { z } from 'zod'
import { momentOf } from '../../moment-of.ts'
import { secondsToWait } from '../../seconds-to-wait.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { answer } from './json-api.ts'

export const csrView = z.object({
  id: z.string(),
  type: z.literal('csr'),
  attributes: z.object({ content: z.string().nullable().describe('The CSR as PEM.') }),
  relationships: z.object({
    tls_private_key: z.object({
      data: z.object({ type: z.literal('tls_private_key'), id: z.string() }).nullable(),
    }),
  }),
})

const meta = z.object({ warnings: z.array(z.string()) }).optional()

export const csrDocumentView = z.object({ data: csrView, meta }).meta({ id: 'FastlyCsr' })

export const jobDocumentView = z
  .object({
    data: z.object({
      id: z.string(),
      type: z.literal('csr_jobs'),
      attributes: z.object({
        status: z.enum(states),
        created_at: z.iso.datetime(),
        retry_after: z.int().describe('Seconds, as in the header Retry-After.'),
      }),
    }),
    meta,
  })
  .meta({ id: 'FastlyCsrJob' })

type Making = { readonly created?: boolean; readonly warnings?: readonly string[] }

/** The CSR where it is there, else 202 with its job. `created`: in answer to the call that asked for it. */
export async function answerCsr(
  services: Services,
  c: Context<Env>,
  found: RequestRecord | undefined,
  { created = false, warnings = [] }: Making = {},
): Promise<Response> {
  const record = readyOrQueued(found)
  const meta = warnings.length > 0 ? { meta: { warnings } } : {}
  if (record.state === 'queued') {
    c.header('Content-Location', `/tls/csr_jobs/${record.id}`)
    return answer(c, { ...(await jobDocument(services, c, record)), ...meta }, 202)
  }
  if (created) c.header('Location', csrPath(record.id))
  return answer(c, { data: csrResource(record), ...meta }, created ? 201 : 200)
}

/** A request that has a CSR or will have one. @throws {ServiceError} for any other, with what it was stored with */
export function readyOrQueued(
  record: RequestRecord | undefined,
): RequestIn<'ready'> | RequestIn<'queued'> {
  if (!record) throw new ServiceError('path_not_found')
  if (record.state === 'cancelled') throw new ServiceError('request_cancelled')
  if (record.state === 'failed') {
    const { code, detail } = record.problem
    throw new ServiceError(code, { detail })
  }
  return record
}

export const csrPath = (id: string) => `/tls/certificate_signing_requests/${id}`

/** A request as a CSR; without `csr`, one that has none. */
export function csrResource({
  id,
  keyId,
  csr,
}: Pick<RequestSummary, 'id' | 'keyId'> & { readonly csr?: Buffer }): z.output<typeof csrView> {
  const key = keyId === undefined ? null : ({ type: 'tls_private_key', id: keyId } as const)
  return {
    id,
    type: 'csr',
    attributes: { content: csr ? toPem(csr) : null },
    relationships: { tls_private_key: { data: key } },
  }
}

/** The job of a request that is queued or running; says when to ask again. */
export async function jobDocument(
  services: Services,
  c: Context<Env>,
  record: RequestIn<'queued'>,
): Promise<z.output<typeof jobDocumentView>> {
  const { id, times } = record
  const seconds = await secondsToWait(services, c.get('place'), record)
  c.header('Retry-After', String(seconds))
  const attributes = {
    status: stateOf(record),
    created_at: momentOf(times.created),
    retry_after: seconds,
  }
  return { data: { id, type: 'csr_jobs', attributes } }
}
