import { encodeExtensions, extensionsSchema } from '../../src/extensions/extensions.ts'
import { CsrError, type Extensions, readCsr } from '../../src/index.ts'
import { extensionOf, findingsOf, requesting, signCsr, signingKey } from '../sign-csr.ts'
import { hex } from '../tlv.ts'

/** The DER of the extensions that an input asks for, in hexadecimal. */
export function derOf(input: unknown): string {
  const encoded = encodeExtensions(extensionsSchema.parse(input), signingKey.spki)
  return Buffer.concat(encoded).toString('hex')
}

/** Places and messages of what is wrong with an input. */
export function faultsOf(input: unknown): [string, string][] {
  const issues = extensionsSchema.safeParse(input).error?.issues ?? []
  return issues.map(({ path, message }) => [path.join('.'), message])
}

/** What the strict reader makes of the extensions that an input asks for. */
export function readBack(input: unknown): Extensions {
  const encoded = encodeExtensions(extensionsSchema.parse(input), signingKey.spki)
  return readCsr(signCsr({ attributes: requesting(...encoded) })).extensions
}

/** What lint finds in a CSR that asks for an extension with this value, besides what it reads. */
export function findingsIn(oid: string, value: string, critical?: Buffer): string[] {
  return findingsOf(csrWith(oid, value, critical))
}

/** What the strict reader says of it: extensions, or the code and the place of its refusal. */
export function strictlyRead(oid: string, value: string, critical?: Buffer): unknown {
  try {
    return readCsr(csrWith(oid, value, critical)).extensions
  } catch (error) {
    if (!(error instanceof CsrError)) throw error
    return `${error.code} ${error.pointer}`
  }
}

function csrWith(oid: string, value: string, critical?: Buffer): Buffer {
  return signCsr({ attributes: requesting(extensionOf(oid, hex(value), critical)) })
}
