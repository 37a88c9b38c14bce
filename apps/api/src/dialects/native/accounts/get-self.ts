/** GET /v1/accounts/self: who is calling, and what he may do. */
import type { SelfView } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { query } from '../../../json-input.ts'
import { momentOf } from '../../../moment-of.ts'
import type { Env } from '../../../services.ts'

export const getSelf = () =>
  new Hono<Env>().get('/', query(z.strictObject({})), (c) => {
    const { kind, expires, principal } = c.get('caller')
    const { tenant, name, roles } = principal
    const self: SelfView = {
      ...{ tenant, name, kind: kind === 'token' ? kind : 'user', roles: [...roles] },
      ...(expires !== undefined && { expires: momentOf(expires) }),
    }
    return c.json(self)
  })
