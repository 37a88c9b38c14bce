/** /v1/accounts: who may call. Users and tokens are those of the caller's own tenant; tenants are the operator's to make. */
import { Hono } from 'hono'
import { countAtOnce } from '../../../authentication/count-at-once.ts'
import { onlyMethods, protect } from '../../../guards.ts'
import type { Env, Services } from '../../../services.ts'
import { changeOwnPassword } from './change-own-password.ts'
import { changeTenant } from './change-tenant.ts'
import { changeUser } from './change-user.ts'
import { createTenant } from './create-tenant.ts'
import { createToken } from './create-token.ts'
import { createUser } from './create-user.ts'
import { deleteToken } from './delete-token.ts'
import { deleteUser } from './delete-user.ts'
import { getSelf } from './get-self.ts'
import { getTenant } from './get-tenant.ts'
import { getToken } from './get-token.ts'
import { getUser } from './get-user.ts'
import { listTenants } from './list-tenants.ts'
import { listTokens } from './list-tokens.ts'
import { listUsers } from './list-users.ts'

const endpoints = {
  '/self': [getSelf, changeOwnPassword],
  '/users': [listUsers, createUser, getUser, changeUser, deleteUser],
  '/tokens': [listTokens, createToken, getToken, deleteToken],
  '/tenants': [listTenants, createTenant, getTenant, changeTenant],
}

const methods = {
  '/self': ['GET', 'HEAD'],
  '/self/password': ['PUT'],
  '/users': ['GET', 'HEAD', 'POST'],
  '/users/:name': ['GET', 'HEAD', 'PATCH', 'DELETE'],
  '/tokens': ['GET', 'HEAD', 'POST'],
  '/tokens/:id': ['GET', 'HEAD', 'DELETE'],
  '/tenants': ['GET', 'HEAD', 'POST'],
  '/tenants/:name': ['GET', 'HEAD', 'PATCH'],
}

export function accountRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  for (const [resource, its] of Object.entries(endpoints)) {
    // Matches the resource itself as well.
    app.use(`${resource}/*`, protect(services), countAtOnce(services))
    for (const endpoint of its) app.route(resource, endpoint(services))
  }
  for (const [path, allowed] of Object.entries(methods)) app.all(path, onlyMethods(...allowed))
  return app
}
