/**
 * POST /v1/keys/{id}/export: a private key of the custody `exportable`, encrypted for its reader by a worker: as a JWE to a
 * recipient's public key, or as PKCS#8 under a password. This process sees neither the key nor, once it is sealed, the password.
 */
import { exportPassword, recipientJwk, sealExportPassword } from '@csr-foundry/key-vault/recipients'
import { idSchema, keyExportView } from '@csr-foundry/native-api'
import { newErrandId } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import { runErrand } from '../../run-errand.ts'
import type { Env, Services } from '../../services.ts'
import { exportedToPassword, exportedToRecipient } from './examples.ts'

const either = 'must have either recipient or password'

const exportBody = z
  .strictObject({ recipient: recipientJwk.optional(), password: exportPassword.optional() })
  .refine(({ recipient, password }) => (recipient === undefined) !== (password === undefined), {
    error: either,
    // Also where one of the two is wrong: all faults are told at once.
    when: () => true,
  })

export const exportKey = (services: Services) =>
  new Hono<Env>().post(
    '/:id/export',
    operation('exportKey', {
      summary: 'Export a private key',
      description:
        'Encrypted for its reader: as a JWE to the `recipient`, a public JWK (RSA, P-256 or X25519), or under a `password` as PKCS#8 in PEM. Only keys of the custody `exportable`.',
      role: 'export',
      params: z.object({ id: idSchema }),
      body: jsonBodyOf(exportBody, {
        'To a recipient': {
          recipient: {
            kty: 'OKP',
            crv: 'X25519',
            x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08',
            kid: 'the key of RFC 8037',
          },
        },
        'Under a password': { password: 'correct horse battery staple' },
      }),
      answers: {
        200: {
          description: 'The encrypted key.',
          body: jsonOf(keyExportView, {
            'To a recipient': exportedToRecipient,
            'Under a password': exportedToPassword,
          }),
        },
      },
      errors: [
        'key_not_found',
        'key_not_exportable',
        'errands_throttled',
        'errand_not_done',
        'vault_unavailable',
      ],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { recipient, password } = c.req.valid('json')
      const errand = { kind: 'export', id: newErrandId(), about: id } as const
      const { tenant } = c.get('place')
      const of = { tenant, keyId: id, n: errand.id }
      const to =
        password === undefined
          ? { recipient }
          : await sealed(services, c.get('requestId'), password, of)
      const result = JSON.parse(
        await runErrand(services, c, { ...errand, input: JSON.stringify(to) }),
      )
      return c.json({ id, ...result }, 200, { 'Cache-Control': 'no-store' })
    },
  )

async function sealed(
  { vaultPin }: Services,
  requestId: string,
  password: string,
  of: Parameters<typeof sealExportPassword>[2],
) {
  return { password: await sealExportPassword(await vaultPin.key(requestId), password, of) }
}
