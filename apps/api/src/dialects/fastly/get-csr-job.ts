/**
 * GET /tls/csr_jobs/{id}: how far a CSR is. 200 while it is being made, then 303 to it (JSON:API 1.1, recommendation
 * "Asynchronous Processing"). It is never held.
 */
import { readRequest } from '@csr-foundry/records'
import { Hono } from 'hono'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { csrPath, jobDocument, jobDocumentView, readyOrQueued } from './answer-csr.ts'
import { exampleJob } from './examples.ts'
import { answer, jsonApiOf } from './json-api.ts'
import { idOf } from './resource-id.ts'

export const getCsrJob = (services: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getCsrJob', {
      summary: 'Show how far a CSR is',
      description: 'It is never held.',
      role: 'read',
      answers: {
        200: {
          description: 'It is being made.',
          headers: ['Retry-After'],
          body: jsonApiOf(jobDocumentView, { 'A job': exampleJob }),
        },
        303: { description: 'It is made: see `Location`.', headers: ['Location'] },
      },
      errors: ['path_not_found', 'request_cancelled', 'csr_not_made', 'worker_died'],
    }),
    async (c) => {
      const id = idOf(c, 'path_not_found')
      const record = readyOrQueued(await readRequest(services.redis, c.get('place'), id))
      if (record.state === 'ready') return c.redirect(csrPath(id), 303)
      return answer(c, await jobDocument(services, c, record))
    },
  )
