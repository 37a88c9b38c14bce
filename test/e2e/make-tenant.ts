import { basic, type Caller, callerOf, jsonInit, password, type Service } from './start-service.ts'

export type Tenant = Caller & { readonly login: string }

/**
 * A new tenant, which has ids, lists and a policy of its own; its caller has every role of a tenant. Tests that would see
 * each other's requests in one service have one each.
 */
export async function makeTenant(service: Service, name: string): Promise<Tenant> {
  const administrator = { name: 'boss', password }
  const init = jsonInit('POST', { name, administrator })
  const response = await service.call('/v1/accounts/tenants', init)
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
  const login = `${administrator.name}@${name}`
  return { login, ...callerOf(service.url, basic(login)) }
}
