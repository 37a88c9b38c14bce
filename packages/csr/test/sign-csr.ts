import { sign } from 'node:crypto'
import * as der from '../src/der/der-writer.ts'
import { keyAlgorithms, lintCsr } from '../src/index.ts'
import { hex, tlv } from './tlv.ts'

/** The parts of a CSR as DER; what is not given is that of a good one. */
export type CsrPieces = {
  version?: Buffer
  subject?: Buffer
  spki?: Buffer
  /** The attributes with their [0]; an empty buffer leaves them out. */
  attributes?: Buffer
  signatureAlgorithm?: Buffer
  signature?: Buffer
}

/** The key of every CSR that is made here. */
export const signingKey = await keyAlgorithms['ecdsa-p256'].generate()

/** A CSR of any pieces, right or wrong, signed (ECDSA with SHA-256) over what they come to. */
export function signCsr(pieces: CsrPieces = {}): Buffer {
  const {
    version = hex('020100'),
    subject = nameOf(['2.5.4.3', tlv(0x13, Buffer.from('edge-1'))]),
    spki = signingKey.spki,
    attributes = tlv(0xa0),
    signatureAlgorithm = hex('300a06082a8648ce3d040302'),
  } = pieces
  const info = tlv(0x30, version, subject, spki, attributes)
  const signature =
    pieces.signature ?? tlv(0x03, hex('00'), sign('sha256', info, signingKey.privateKey))
  return tlv(0x30, info, signatureAlgorithm, signature)
}

/** A Name of single-valued RDNs, each an OID and the DER of its value. */
export function nameOf(...attributes: [string, Buffer][]): Buffer {
  return tlv(0x30, ...attributes.map((attribute) => tlv(0x31, attributeOf(...attribute))))
}

/** An attribute of a name: its type and the DER of its value. */
export function attributeOf(oid: string, value: Buffer): Buffer {
  return tlv(0x30, der.oid(oid), value)
}

/** Attributes [0] in the order given, each an OID and its values. */
export function attributesOf(...attributes: [string, ...Buffer[]][]): Buffer {
  return tlv(
    0xa0,
    ...attributes.map(([oid, ...values]) => tlv(0x30, der.oid(oid), tlv(0x31, ...values))),
  )
}

/** Attributes [0] with one extensionRequest. */
export function requesting(...extensions: Buffer[]): Buffer {
  return attributesOf(['1.2.840.113549.1.9.14', tlv(0x30, ...extensions)])
}

/** An extension; `critical` is the DER of its BOOLEAN. */
export function extensionOf(
  oid: string,
  value: Buffer,
  critical: Buffer = Buffer.alloc(0),
): Buffer {
  return tlv(0x30, der.oid(oid), critical, tlv(0x04, value))
}

/** BOOLEAN TRUE. */
export const critical = hex('0101ff')

/** A subjectAltName extension of GeneralNames. */
export function sanOf(...names: Buffer[]): Buffer {
  return extensionOf('2.5.29.17', tlv(0x30, ...names))
}

/** Codes of what lint finds, each with its place. */
export function findingsOf(input: Buffer | string): string[] {
  return lintCsr(input).findings.map(({ code, pointer }) => `${code} ${pointer}`)
}
