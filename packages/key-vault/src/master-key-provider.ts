/** Where the master keys are kept. It wraps and unwraps, and never shows a key: a file now, an HSM or a KMS alike. */
export type MasterKeyProvider = {
  /** Ids of the keys that it has, in the order in which they are kept. */
  readonly ids: readonly string[]
  /** `context` is bound to the wrapped form: unwrapping needs the same. */
  wrap(id: string, plaintext: Buffer, context: string): Promise<Buffer>
  unwrap(id: string, wrapped: Buffer, context: string): Promise<Buffer>
}
