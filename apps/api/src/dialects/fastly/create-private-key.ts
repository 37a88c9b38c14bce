/** POST /tls/private_keys: takes a private key. It is checked and sealed on its way in, and no answer ever holds it. */
import type { KeyAlgorithmName } from '@csr-foundry/csr'
import { keyNameText } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { confirmCaller } from '../../authentication/confirm-caller.ts'
import { onceParts } from '../../idempotency.ts'
import { examplePrivateKey } from '../../openapi/example-texts.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { keyPointer } from './errors.ts'
import { examplePrivateKeyDocument } from './examples.ts'
import { answer, documentOf, jsonApiOf, members, resourceType } from './json-api.ts'
import { privateKeyDocumentView, privateKeyResource } from './private-key-resource.ts'

/** What Fastly takes, and the sizes of RSA beyond. */
const accepted: readonly KeyAlgorithmName[] = [
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ecdsa-p256',
  'ecdsa-p384',
]

const bodySchema = members({
  data: members({
    type: resourceType('tls_private_key'),
    attributes: members({
      key: z.string({
        error: ({ input }) =>
          input === undefined
            ? 'is missing; a private key in PEM is needed'
            : 'must be a string with a private key in PEM',
      }),
      name: keyNameText.nullish(),
    }),
    // Official clients can name activations and domains here, which this service does not have.
    relationships: z.looseObject({}, 'must be an object').nullish(),
  }),
  jsonapi: z.looseObject({}, 'must be an object').optional(),
})

export const createPrivateKey = (services: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createPrivateKey', {
      summary: 'Upload a private key',
      description: 'It is checked and sealed on its way in, and no answer ever holds it.',
      role: 'submit',
      headers: ['Idempotency-Key'],
      body: documentOf(bodySchema, {
        'The test key of RFC 9500': {
          data: {
            type: 'tls_private_key',
            attributes: { key: examplePrivateKey, name: 'the test key of RFC 9500' },
          },
        },
      }),
      answers: {
        201: {
          description: 'The key is kept.',
          headers: ['Location'],
          body: jsonApiOf(privateKeyDocumentView, { 'A private key': examplePrivateKeyDocument }),
        },
      },
      errors: [
        'private_key_known',
        'idempotency_key_reused',
        'request_gone',
        'uploads_throttled',
        'vault_unavailable',
      ],
      faults: ['attribute_unknown'],
    }),
    async (c) => {
      const place = c.get('place')
      const { key, name } = c.req.valid('json').data.attributes
      const record = await services.uploads.take(place, {
        requestId: c.get('requestId'),
        onceParts: onceParts(c),
        confirm: () => confirmCaller(c),
        pem: key,
        ...(name && { name }),
        custody: place.policy.defaultCustody,
        accepted,
        pointers: { key: keyPointer, password: keyPointer },
      })
      c.header('Location', `/tls/private_keys/${record.id}`)
      return answer(c, { data: privateKeyResource(record) }, 201)
    },
  )
