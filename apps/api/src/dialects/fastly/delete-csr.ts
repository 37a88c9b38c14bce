/** DELETE /tls/certificate_signing_requests/{id}: removes the request and its CSR. Its key stays until it is deleted itself. */
import { deleteRequest } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { idOf } from './resource-id.ts'

export const deleteCsr = ({ redis }: Services) =>
  new Hono<Env>().delete('/:id', requireRole('submit'), query(z.strictObject({})), async (c) => {
    const id = idOf(c, 'path_not_found')
    if (await deleteRequest(redis, c.get('place'), id)) return c.body(null, 204)
    throw new ServiceError('path_not_found')
  })
