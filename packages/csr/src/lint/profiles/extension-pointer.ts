import { oids } from '../../csr-oids.ts'
import { nameOf } from '../../extensions/extensions.ts'

/** Where a spec says an extension. */
export function extensionPointer(oid: string): string {
  return oid === oids.subjectAltName ? '/subjectAltNames' : `/extensions/${nameOf(oid) ?? oid}`
}
