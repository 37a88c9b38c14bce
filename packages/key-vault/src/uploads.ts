/** What the API needs of the vault. With it, and `seal-upload`, keys can be sealed and none opened. */
export type { KeyOwner } from './key-owner.ts'
export { readPublicKeyFile } from './public-key-file.ts'
export { readShownPublicKey, type VaultPublicKey } from './vault-public-key.ts'
