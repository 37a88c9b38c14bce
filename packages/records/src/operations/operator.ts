import type { ActingPlace, Actor } from '../audit/actor.ts'
import type { TenantPlace } from '../requests.ts'

/**
 * A tenant as an operator acts there. Its own audit tells of an operator and the id of his call, under which that of the tenant
 * `default` tells who it was.
 */
export const operatingAt = (place: TenantPlace, operator: ActingPlace): ActingPlace => {
  if (place.tenant === operator.tenant) return { ...place, actor: operator.actor }
  const { call } = operator.actor
  const actor: Actor = { by: 'operator', from: 'installation', ...(call !== undefined && { call }) }
  return { ...place, actor }
}
