/** What the API needs of the vault for exports: who may read one, and under which password. With it no key can be opened. */
export { exportPassword } from './export-password.ts'
export { type Recipient, recipientJwk } from './recipient-jwk.ts'
export { type ExportOf, sealExportPassword } from './seal-export-password.ts'
