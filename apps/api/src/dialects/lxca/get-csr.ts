/**
 * GET /certificateSigningRequest?path=1[&details=true], and the same by segment: the CSR.
 *
 * A stock client asks right after POST and expects the CSR, so the call is held while the request is queued or running;
 * after that it is 202 with the state, to be asked again. Without details the answer is the PEM itself.
 */
import { toPem } from '@csr-foundry/csr'
import type { RequestIn } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { readSettled } from '../../hold.ts'
import type { Shortcut } from '../../http/shortcut.ts'
import { jsonOf } from '../../json-input.ts'
import { exampleCsr } from '../../openapi/example-texts.ts'
import { type OperationFacts, operation } from '../../operation.ts'
import { heedWait } from '../../prefer.ts'
import { secondsToWait } from '../../seconds-to-wait.ts'
import { serverTiming } from '../../server-timing.ts'
import type { Env, Services } from '../../services.ts'
import { success, successView } from './messages.ts'
import { pathId } from './path-id.ts'
import { jobStates, progressOf } from './progress.ts'

const details = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')
  .default(false)

const pendingView = successView(
  z.object({
    path: pathId,
    state: z.enum(jobStates),
    percentage: z.int().min(0).max(100),
  }),
).meta({ id: 'LxcaPendingCsr' })

const facts: OperationFacts = {
  summary: 'Fetch a CSR',
  description:
    'The call is held while the CSR is being made. Without `details` the answer is the PEM itself.',
  role: 'read',
  headers: ['Prefer: wait'],
  answers: {
    200: {
      description: 'The CSR.',
      headers: ['Server-Timing', 'Content-Disposition'],
      body: [
        {
          mediaType: 'application/x-pem-file',
          schema: z.string(),
          examples: { 'Without details': exampleCsr },
        },
        jsonOf(successView(z.object({ CSR: z.string() })), {
          'With details=true': success({ CSR: exampleCsr }),
        }),
      ],
    },
    202: {
      description: 'It takes longer: ask again.',
      headers: ['Retry-After'],
      body: jsonOf(pendingView, {
        'One that waits': success({ path: '1', state: 'Pending', percentage: 0 }),
      }),
    },
  },
  errors: ['path_not_found', 'request_cancelled', 'csr_not_made', 'worker_died'],
}

export const getCsr = (services: Services) =>
  new Hono<Env>()
    .get(
      '/',
      operation('getCsr', { ...facts, query: z.strictObject({ path: pathId, details }) }),
      (c) => {
        const { path, details } = c.req.valid('query')
        return answer(services, c, path, details)
      },
    )
    .get(
      '/:path',
      operation('getCsrByPath', {
        ...facts,
        ...{ params: z.object({ path: pathId }), query: z.strictObject({ details }) },
      }),
      (c) => answer(services, c, c.req.valid('param').path, c.req.valid('query').details),
    )

async function answer(services: Services, c: Context<Env>, path: string, details: boolean) {
  const milliseconds = heedWait(c) ?? services.holdMs
  const record = await readSettled(services, c, path, milliseconds)
  if (!record) {
    throw new ServiceError('path_not_found', { detail: `The path ${path} is not valid.` })
  }
  switch (record.state) {
    case 'ready':
      return answerReady(c, record, details)
    case 'queued': {
      c.header('Retry-After', String(await secondsToWait(services, c.get('place'), record)))
      return c.json(success({ path: record.id, ...progressOf(record) }), 202)
    }
    case 'failed':
      throw new ServiceError(record.problem.code, { detail: record.problem.detail })
    case 'cancelled':
      throw new ServiceError('request_cancelled')
  }
}

function answerReady(c: Context<Env>, record: RequestIn<'ready'>, details: boolean) {
  const { headers, body } = (details ? readyDetails : readyPem).answer(record)
  return c.body(body, 200, headers)
}

export const readyDetails: Shortcut = {
  route: 'lxca GET /certificateSigningRequest/:path',
  url: /^\/certificateSigningRequest(?:\/([1-9]\d{0,14})\?|\?path=([1-9]\d{0,14})&)details=true$/,
  answer: (record) => ({
    headers: { 'Server-Timing': serverTiming(record), 'Content-Type': 'application/json' },
    body: JSON.stringify(success({ CSR: toPem(record.csr) })),
  }),
}

export const readyPem: Shortcut = {
  route: 'lxca GET /certificateSigningRequest/:path',
  url: /^\/certificateSigningRequest(?:\/([1-9]\d{0,14})|\?path=([1-9]\d{0,14}))$/,
  answer: (record) => ({
    headers: {
      'Server-Timing': serverTiming(record),
      'Content-Disposition': `attachment; filename="csr-${record.id}.pem"`,
      'Content-Type': 'application/x-pem-file',
    },
    body: toPem(record.csr),
  }),
}
