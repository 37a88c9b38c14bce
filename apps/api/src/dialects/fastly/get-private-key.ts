/** GET /tls/private_keys/{id}: what is public of a private key. */
import { readKey, writeAuditEntry } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { examplePrivateKeyDocument } from './examples.ts'
import { answer, jsonApiOf } from './json-api.ts'
import { privateKeyDocumentView, privateKeyResource } from './private-key-resource.ts'
import { idOf } from './resource-id.ts'

export const getPrivateKey = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getPrivateKey', {
      summary: 'Show what is public of a private key',
      role: 'read',
      answers: {
        200: {
          description: 'The key without its private half.',
          body: jsonApiOf(privateKeyDocumentView, { 'A private key': examplePrivateKeyDocument }),
        },
      },
      errors: ['key_not_found', 'storage_full'],
    }),
    async (c) => {
      const key = await readKey(redis, c.get('place'), idOf(c, 'key_not_found'))
      if (!key) throw new ServiceError('key_not_found')
      await writeAuditEntry(redis, c.get('place'), { action: 'key.read', ids: [key.id] })
      return answer(c, { data: privateKeyResource(key) })
    },
  )
