/**
 * GET /certificateSigningRequest?path=1[&details=true], and the same by segment: the CSR.
 *
 * A stock client asks right after POST and expects the CSR, so the call is held while the request is queued or running;
 * after that it is 202 with the state, to be asked again. Without details the answer is the PEM itself.
 */
import { toPem } from '@csr-foundry/csr'
import { estimateWait, type Lane } from '@csr-foundry/queue'
import type { RequestRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { readSettled } from '../../hold.ts'
import { pathParameters, query } from '../../json-input.ts'
import { preferredWait } from '../../prefer.ts'
import type { Env, Services } from '../../services.ts'
import { success } from './messages.ts'
import { pathId } from './path-id.ts'
import { progressOf } from './progress.ts'

const details = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')
  .default(false)

export const getCsr = (services: Services) =>
  new Hono<Env>()
    .get('/', requireRole('read'), query(z.strictObject({ path: pathId, details })), (c) => {
      const { path, details } = c.req.valid('query')
      return answer(services, c, path, details)
    })
    .get(
      '/:path',
      requireRole('read'),
      pathParameters(z.object({ path: pathId })),
      query(z.strictObject({ details })),
      (c) => answer(services, c, c.req.valid('param').path, c.req.valid('query').details),
    )

async function answer(services: Services, c: Context<Env>, path: string, details: boolean) {
  const preferred = preferredWait(c.req.header('prefer'))
  if (preferred !== undefined) c.header('Preference-Applied', `wait=${preferred / 1_000}`)
  const record = await readSettled(services, c, path, preferred ?? services.holdMs)
  if (!record)
    throw new ServiceError('path_not_found', { detail: `The path ${path} is not valid.` })
  return views[record.state](services, c, record as never, details)
}

type In<State extends RequestRecord['state']> = Extract<RequestRecord, { state: State }>

const views = {
  ready: (_: Services, c: Context<Env>, { id, csr, times }: In<'ready'>, details: boolean) => {
    const pem = toPem(csr)
    const started = times.started ?? times.created
    const worked = (times.finished ?? started) - started
    c.header('Server-Timing', `queue;dur=${started - times.created}, work;dur=${worked}`)
    if (details) return c.json(success({ CSR: pem }))
    c.header('Content-Disposition', `attachment; filename="csr-${id}.pem"`)
    return c.body(pem, 200, { 'Content-Type': 'application/x-pem-file' })
  },
  queued: async (services: Services, c: Context<Env>, record: In<'queued'>) => {
    const { redis, queues } = services
    const { shard } = c.get('place')
    c.header('Retry-After', String(await estimateWait(redis, queues, shard, record.lane as Lane)))
    return c.json(success({ path: record.id, ...progressOf(record) }), 202)
  },
  failed: (_: Services, __: Context<Env>, { problem }: In<'failed'>) => {
    throw new ServiceError(problem.code, { detail: problem.detail })
  },
  cancelled: () => {
    throw new ServiceError('request_cancelled')
  },
}
