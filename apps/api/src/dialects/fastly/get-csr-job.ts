/**
 * GET /tls/csr_jobs/{id}: how far a CSR is. 200 while it is being made, then 303 to it (JSON:API 1.1, recommendation
 * "Asynchronous Processing"). It is never held.
 */
import { readRequest } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { csrPath, jobDocument, readyOrQueued } from './answer-csr.ts'
import { answer } from './json-api.ts'
import { idOf } from './resource-id.ts'

export const getCsrJob = (services: Services) =>
  new Hono<Env>().get('/:id', requireRole('read'), query(z.strictObject({})), async (c) => {
    const id = idOf(c, 'path_not_found')
    const record = readyOrQueued(await readRequest(services.redis, c.get('place'), id))
    if (record.state === 'ready') return c.redirect(csrPath(id), 303)
    return answer(c, await jobDocument(services, c, record))
  })
