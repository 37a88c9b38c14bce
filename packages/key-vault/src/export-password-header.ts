import type { ExportOf } from './seal-export-password.ts'
import { contentEncryption, keyManagement } from './upload-header.ts'

/** The protected header of a sealed password, without `epk`. Its `typ` keeps it and an uploaded key from passing for each other. */
export const exportPasswordHeader = (kid: string, { tenant, keyId, n }: ExportOf) => ({
  alg: keyManagement,
  enc: contentEncryption,
  typ: 'export-password',
  kid,
  tenant,
  key: keyId,
  export: n,
})
