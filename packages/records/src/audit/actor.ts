import { hostname } from 'node:os'
import type { TenantPlace } from '../requests.ts'

/** Who acts, as the audit says it. */
export type Actor = {
  /** `user:<name>`, `token:<id>`, `worker`, `retention`, or `installation` for what a start does by itself. */
  readonly by: string
  /** The address of the client, or the host and process id of a worker. */
  readonly from: string
  /** The request id of the call. */
  readonly call?: string
}

/** A tenant's place and who acts there: what every change is made with. */
export type ActingPlace = TenantPlace & { readonly actor: Actor }

/** This process, where it acts for nobody. */
export const workerActor: Actor = { by: 'worker', from: `${hostname()} ${process.pid}` }
export const retentionActor: Actor = { ...workerActor, by: 'retention' }
export const installationActor: Actor = {
  by: 'installation',
  from: `${hostname()} ${process.pid}`,
}

/** As the scripts take it. */
export const actorText = (actor: Actor): string => JSON.stringify(actor)
