/** GET /tls/certificate_signing_requests/{id}: the CSR. While it is being made the call is held, as the one that asked for it. */
import { Hono } from 'hono'
import { readSettled } from '../../hold.ts'
import { operation } from '../../operation.ts'
import { heedWaitOrAsync } from '../../prefer.ts'
import type { Env, Services } from '../../services.ts'
import { answerCsr, csrDocumentView, jobDocumentView } from './answer-csr.ts'
import { exampleCsr, exampleJob } from './examples.ts'
import { jsonApiOf } from './json-api.ts'
import { idOf } from './resource-id.ts'

export const getCsr = (services: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getCsr', {
      summary: 'Fetch a CSR',
      description: 'While it is being made the call is held, as the one that asked for it.',
      role: 'read',
      headers: ['Prefer: wait or respond-async'],
      answers: {
        200: {
          description: 'The CSR.',
          body: jsonApiOf(csrDocumentView, { 'A CSR': exampleCsr }),
        },
        202: {
          description: 'It takes longer: ask the job at `Content-Location`.',
          headers: ['Content-Location', 'Retry-After'],
          body: jsonApiOf(jobDocumentView, { 'A job': exampleJob }),
        },
      },
      errors: ['path_not_found', 'request_cancelled', 'csr_not_made', 'worker_died'],
    }),
    async (c) => {
      const id = idOf(c, 'path_not_found')
      const record = await readSettled(services, c, id, heedWaitOrAsync(c) ?? services.holdMs)
      return answerCsr(services, c, record)
    },
  )
