/** GET /v1/accounts/self: who is calling, and what he may do. */
import { type SelfView, selfView } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { momentOf } from '../../../moment-of.ts'
import { operation } from '../../../operation.ts'
import type { Env } from '../../../services.ts'
import { self as example } from './examples.ts'

export const getSelf = () =>
  new Hono<Env>().get(
    '/',
    operation('getSelf', {
      summary: 'Show who is calling',
      answers: {
        200: {
          description: 'The caller, and what he may do.',
          body: jsonOf(selfView, { 'The administrator': example }),
        },
      },
    }),
    (c) => {
      const { kind, expires, principal } = c.get('caller')
      const { tenant, name, roles } = principal
      const self: SelfView = {
        ...{ tenant, name, kind: kind === 'token' ? kind : 'user', roles: [...roles] },
        ...(expires !== undefined && { expires: momentOf(expires) }),
      }
      return c.json(self)
    },
  )
