/** GET /tls/certificate_signing_requests/{id}: the CSR. While it is being made the call is held, as the one that asked for it. */
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { readSettled } from '../../hold.ts'
import { query } from '../../json-input.ts'
import { heedWaitOrAsync } from '../../prefer.ts'
import type { Env, Services } from '../../services.ts'
import { answerCsr } from './answer-csr.ts'
import { idOf } from './resource-id.ts'

export const getCsr = (services: Services) =>
  new Hono<Env>().get('/:id', requireRole('read'), query(z.strictObject({})), async (c) => {
    const id = idOf(c, 'path_not_found')
    const record = await readSettled(services, c, id, heedWaitOrAsync(c) ?? services.holdMs)
    return answerCsr(services, c, record)
  })
