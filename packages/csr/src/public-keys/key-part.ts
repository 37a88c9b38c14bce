import type { DerElement } from '../der/der-reader.ts'
import type { PublicKeyFindingCode } from './public-key-findings.ts'

/** What the check of one kind of key gets: the two parts of an SPKI that differ by kind. */
export type KeyPart = {
  parameters: DerElement | undefined
  /** The octets of the BIT STRING. */
  octets: Buffer
  report: (code: PublicKeyFindingCode, message: string) => void
}
