/** POST /v1/keys: takes a private key as PEM, which is sealed to the vault and never given back by this API. */
import { keyAlgorithmNames } from '@csr-foundry/csr'
import { newKeyBody } from '@csr-foundry/native-api'
import { readPolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { confirmCaller } from '../../authentication/confirm-caller.ts'
import { requireRole } from '../../guards.ts'
import { jsonBody, query, requireJson } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { keyView } from './key-view.ts'

export const importKey = ({ redis, uploads }: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('submit'),
    query(z.strictObject({})),
    requireJson,
    jsonBody(newKeyBody),
    async (c) => {
      const place = c.get('place')
      const { privateKey, custody, ...rest } = c.req.valid('json')
      const key = await uploads.take(place, {
        ...rest,
        requestId: c.get('requestId'),
        confirm: () => confirmCaller(c),
        pem: privateKey,
        custody: custody ?? (await readPolicy(redis, place.tenant)).defaultCustody,
        accepted: keyAlgorithmNames,
        pointers: { key: '/privateKey', password: '/password' },
      })
      return c.json(keyView(key), 201, { Location: `/v1/keys/${key.id}` })
    },
  )
