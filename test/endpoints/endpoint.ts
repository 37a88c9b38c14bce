import type { Role } from '@csr-foundry/records'

/** Ids of things of one tenant that a call can be about. */
export type Things = Readonly<
  Record<'request' | 'failedRequest' | 'batch' | 'keptKey' | 'user' | 'token' | 'tenant', string> &
    Record<'worker' | 'deadLot', string>
> & {
  /** A private key in PEM that no tenant has yet. */
  readonly newKey: string
  /** A name that nobody has yet. */
  readonly newName: string
}

export type Call = {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As the application mounts it. */
  readonly route: string
  /** What its caller needs: a role, only to be known, or nothing at all. */
  readonly needs: Role | 'caller' | 'nothing'
  /** A good call of it. */
  readonly call: (things: Things) => Call
  readonly answers: number
  /** What of a tenant its path names, which to another tenant never existed. */
  readonly about?: keyof Things
}

/** A call of a path that is always the same. */
export const at = (path: string) => () => ({ path })
