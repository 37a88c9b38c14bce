/** Where the master key is kept. It wraps and unwraps, and never shows the key: a file now, an HSM or a KMS alike. */
export type MasterKeyProvider = {
  /** Id of the key that wraps. */
  readonly currentId: string
  /** Ids of the keys that can unwrap, the current one first. */
  readonly ids: readonly string[]
  /** `context` is bound to the wrapped form: unwrapping needs the same. */
  wrap(plaintext: Buffer, context: string): Promise<Buffer>
  unwrap(id: string, wrapped: Buffer, context: string): Promise<Buffer>
}
