/**
 * PUT /v1/accounts/self/password: a user's new password, for which he has to know the current one. It ends his sessions and
 * whatever else was called with the old one.
 */
import { passwordChange } from '@csr-foundry/native-api'
import { changeUser } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { jsonBodyOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { examplePassword } from './examples.ts'

export const changeOwnPassword = (services: Services) =>
  new Hono<Env>().put(
    '/password',
    operation('changeOwnPassword', {
      summary: "Change one's own password",
      description: "It ends the user's sessions. A token has no password.",
      body: jsonBodyOf(passwordChange, {
        'Another password': {
          currentPassword: examplePassword,
          newPassword: 'another example password',
        },
      }),
      answers: { 204: { description: 'It counts from now on.' } },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { password, principal } = c.get('caller')
      if (!password) {
        throw new ServiceError('account_not_found', { detail: 'A token has no password.' })
      }
      const { currentPassword, newPassword } = c.req.valid('json')
      const shown = { username: password.login, password: currentPassword }
      await services.authenticator.logIn(shown, c.get('address'))
      const change = { password: await hashNewPassword(services, c, newPassword) }
      const changed = await changeUser(
        services.redis,
        c.get('place'),
        principal.name,
        change,
        c.get('principal'),
      )
      // Somebody has deleted him meanwhile.
      if (!changed) throw new ServiceError('credentials_invalid')
      return c.body(null, 204)
    },
  )
