/** What a CSR file says, for people. All of it is read from the file: a table of what was asked for would prove nothing. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { fromPem, type ReadSubjectAltName, readCsr } from '@csr-foundry/csr'

export type CsrFacts = {
  readonly commonName: string | undefined
  /** Such as `RSA 2048`. */
  readonly key: string
  readonly altNames: readonly string[]
}

/** @throws CsrError for what is not exactly one well-formed CSR */
export function readFacts(pem: string): CsrFacts {
  const { subject, spki, subjectAltNames } = readCsr(fromPem(pem))
  return {
    commonName: subject.flat().find(({ type }) => type === 'CN')?.value,
    key: keyText(createPublicKey({ key: spki, format: 'der', type: 'spki' })),
    altNames: subjectAltNames.map(altNameText),
  }
}

/** OpenSSL's names of the curves, and those that people know. */
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function keyText({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const type = String(asymmetricKeyType)
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {}
  if (namedCurve !== undefined) return `EC ${curves[namedCurve] ?? namedCurve}`
  return modulusLength === undefined ? type : `${type.toUpperCase()} ${modulusLength}`
}

function altNameText(name: ReadSubjectAltName): string {
  if (name.type === 'otherName') {
    return `${name.oid}=${'value' in name ? name.value : name.der}`
  }
  if (name.type === 'other') return name.der
  if (name.type !== 'dirName') return name.value
  // RFC 4514 writes a name last RDN first.
  const rdns = name.value.map((rdn) => rdn.map(({ type, value }) => `${type}=${value}`).join('+'))
  return rdns.reverse().join(',')
}
