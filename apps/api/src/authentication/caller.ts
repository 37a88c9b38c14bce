import type { OpenTenant, Principal } from '@csr-foundry/records'

/**
 * What makes somebody a caller, without the secret that showed it. `login` with `generation` is one password of a user:
 * another password is another generation.
 */
export type Proof =
  | { readonly kind: 'password'; readonly login: string; readonly generation: string }
  | { readonly kind: 'token'; readonly sha256: string }
  | { readonly kind: 'session'; readonly sha256: string }

/** Who is calling, as it was when it was looked at last. */
export type Caller = {
  readonly principal: Principal
  readonly place: OpenTenant
  readonly kind: Proof['kind']
  /** Tells principals of all tenants apart: what is counted for each is counted by it. */
  readonly id: string
  /** The password that counts for him; undefined for a token, which has none. */
  readonly password: { readonly login: string; readonly generation: string } | undefined
  /** When the credential ends by itself, milliseconds since the epoch. */
  readonly expires: number | undefined
  readonly proof: Proof
  /**
   * The caller as he is now.
   *
   * @throws {ServiceError} `credentials_invalid` once the credential no longer counts
   */
  confirm(): Promise<Caller>
}
