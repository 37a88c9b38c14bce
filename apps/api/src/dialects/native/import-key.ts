/** POST /v1/keys: takes a private key as PEM, which is sealed to the vault and never given back by this API. */
import { keyAlgorithmNames } from '@csr-foundry/csr'
import { newKeyBody, keyView as view } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { confirmCaller } from '../../authentication/confirm-caller.ts'
import { onceParts } from '../../idempotency.ts'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { examplePrivateKey } from '../../openapi/example-texts.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { importedKey } from './examples.ts'
import { keyView } from './key-view.ts'

export const importKey = ({ uploads }: Services) =>
  new Hono<Env>().post(
    '/',
    operation('importKey', {
      summary: 'Import a private key',
      description:
        'As PEM: PKCS#8, also encrypted, with its `password`; PKCS#1; SEC 1. It is sealed on its way in and never given back by this call.',
      role: 'submit',
      headers: ['Idempotency-Key'],
      body: jsonBodyOf(newKeyBody, {
        'The test key of RFC 9500': {
          privateKey: examplePrivateKey,
          name: 'the test key of RFC 9500',
          custody: 'internal',
        },
      }),
      answers: {
        201: {
          description: 'The key is kept.',
          headers: ['Location'],
          body: jsonOf(view, { 'An imported key': importedKey }),
        },
      },
      errors: [
        'private_key_known',
        'uploads_throttled',
        'vault_unavailable',
        'idempotency_key_reused',
        'request_gone',
      ],
    }),
    async (c) => {
      const place = c.get('place')
      const { privateKey, custody, ...rest } = c.req.valid('json')
      const key = await uploads.take(place, {
        ...rest,
        requestId: c.get('requestId'),
        onceParts: onceParts(c),
        confirm: () => confirmCaller(c),
        pem: privateKey,
        custody: custody ?? place.policy.defaultCustody,
        accepted: keyAlgorithmNames,
        pointers: { key: '/privateKey', password: '/password' },
      })
      return c.json(keyView(key), 201, { Location: `/v1/keys/${key.id}` })
    },
  )
