/** What opening somebody's private key needs, without the rest of the package: for a thread that starts with its process. */
export { exportPrivateKey } from '../keys/export-private-key.ts'
export { importPrivateKey } from './import-private-key.ts'
export { PrivateKeyError } from './private-key-error.ts'
