import { describe, expect, it } from 'vitest'
import {
  buildCsr,
  CsrError,
  keyAlgorithms,
  proveCsr,
  proveKey,
  readCsr,
  type Spec,
} from '../src/index.ts'
import { makeCsr, rdns, specOf } from './make-csr.ts'

const spec = specOf({
  subject: rdns(['C', 'US'], ['O', 'ACME'], ['CN', 'edge-1.example.com']),
  subjectAltNames: [
    { type: 'dns', value: 'edge-1.example.com' },
    { type: 'ip', value: '2001:DB8:0::A' },
    { type: 'dirName', value: rdns(['C', 'US'], ['CN', 'x']) },
  ],
})
const { der, key } = await makeCsr(spec)
const other = await makeCsr(spec)
const { sign } = keyAlgorithms['ecdsa-p256']

describe('a CSR is proved', () => {
  it('that says what was asked for and is signed by its key', () => {
    expect(() => proveCsr(der, { spec, spki: key.spki })).not.toThrow()
    expect(() => proveCsr(der, { spec, ...key })).not.toThrow()
  })

  it('without its signature when that is left out', () => {
    const subject = { spec, spki: key.spki, verifySignature: false }
    expect(() => proveCsr(flipped(der, der.length - 1), subject)).not.toThrow()
  })
})

describe('a CSR is refused', () => {
  it('that belongs to another key', () => {
    expect(() => proveCsr(other.der, { spec, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'spki_mismatch', pointer: '/spki' }),
    )
  })

  it('whose SPKI was swapped after it was signed', () => {
    const swapped = Buffer.from(der)
    other.key.spki.copy(swapped, der.indexOf(key.spki))
    expect(() => proveCsr(swapped, { spec, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'spki_mismatch' }),
    )
    expect(() => proveCsr(swapped, { spec, spki: other.key.spki })).toThrow(
      expect.objectContaining({ code: 'signature_invalid' }),
    )
  })

  it('that was signed by another key', async () => {
    const foreign = await buildCsr(spec, key.spki, (bytes) =>
      sign(other.key.privateKey, 'sha256', bytes),
    )
    expect(() => proveCsr(foreign, { spec, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'signature_invalid' }),
    )
    // Verifying with the key that signed would hide it.
    const hidden = { spec, spki: key.spki, publicKey: other.key.publicKey }
    expect(() => proveCsr(foreign, hidden)).toThrow(
      expect.objectContaining({ code: 'spki_mismatch', pointer: '/publicKey' }),
    )
  })

  it.each([1, 8, 20])('with one bit of its signature flipped, %i bytes from the end', (back) => {
    expect(() => proveCsr(flipped(der, der.length - back), { spec, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'signature_invalid', pointer: '/signature' }),
    )
  })

  it.each<[string, Partial<Spec>, string]>([
    [
      'a re-ordered subject',
      { subject: rdns(['O', 'ACME'], ['C', 'US'], ['CN', 'edge-1.example.com']) },
      '/subject/0',
    ],
    ['a missing RDN', { subject: spec.subject.slice(0, 2) }, '/subject/2'],
    ['one RDN more', { subject: [...spec.subject, ...rdns(['OU', 'x'])] }, '/subject/3'],
    [
      'another value',
      { subject: rdns(['C', 'US'], ['O', 'Acme'], ['CN', 'edge-1.example.com']) },
      '/subject/1',
    ],
    [
      'a value of another type',
      { subject: rdns(['C', 'US'], ['OU', 'ACME'], ['CN', 'edge-1.example.com']) },
      '/subject/1',
    ],
    [
      'a changed SAN',
      {
        subjectAltNames: [
          { type: 'dns', value: 'edge-2.example.com' },
          ...spec.subjectAltNames.slice(1),
        ],
      },
      '/subjectAltNames/0',
    ],
    [
      'a SAN of another type',
      {
        subjectAltNames: [
          { type: 'uri', value: 'a:edge-1.example.com' },
          ...spec.subjectAltNames.slice(1),
        ],
      },
      '/subjectAltNames/0',
    ],
    [
      'another address',
      { subjectAltNames: spec.subjectAltNames.with(1, { type: 'ip', value: '2001:db8::b' }) },
      '/subjectAltNames/1',
    ],
    [
      'a directory name in another order',
      {
        subjectAltNames: spec.subjectAltNames.with(2, {
          type: 'dirName',
          value: rdns(['CN', 'x'], ['C', 'US']),
        }),
      },
      '/subjectAltNames/2',
    ],
    [
      're-ordered SANs',
      { subjectAltNames: spec.subjectAltNames.toReversed() },
      '/subjectAltNames/0',
    ],
    ['a missing SAN', { subjectAltNames: spec.subjectAltNames.slice(0, 2) }, '/subjectAltNames/2'],
    ['no SANs', { subjectAltNames: [] }, '/subjectAltNames/0'],
  ])('with %s', async (_, change, pointer) => {
    const changed = await makeCsr({ ...spec, ...change }, key)
    expect(() => proveCsr(changed.der, { spec, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'spec_mismatch', pointer }),
    )
  })

  it('with the SAN of a CSR that should have none', () => {
    expect(() => proveCsr(der, { spec: { ...spec, subjectAltNames: [] }, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'spec_mismatch', pointer: '/subjectAltNames/0' }),
    )
  })

  it('whose SAN says that it is not critical', async () => {
    const named = specOf({ subjectAltNames: [{ type: 'dns', value: 'a' }] })
    const critical = (await makeCsr({ ...named, subject: [] }, key)).der
    const at = critical.indexOf(Buffer.from('0101ff', 'hex'))
    // DER has no FALSE here: what is written out is TRUE.
    const broken = Buffer.from(critical)
    broken.writeUInt8(0x00, at + 2)
    const subject = { spec: { ...named, subject: [] }, spki: key.spki }
    expect(() => proveCsr(critical, subject)).not.toThrow()
    expect(() => proveCsr(broken, subject)).toThrow(
      expect.objectContaining({ code: 'malformed_der' }),
    )
  })

  it('that is signed with another digest', async () => {
    const rsa = specOf({ key: { algorithm: 'rsa-2048', digest: 'sha256' } })
    const made = await makeCsr(rsa)
    const cnsa: Spec = { ...rsa, key: { algorithm: 'rsa-2048', digest: 'sha384' } }
    expect(() => proveCsr(made.der, { spec: cnsa, spki: made.key.spki })).toThrow(
      expect.objectContaining({ code: 'spec_mismatch', pointer: '/signatureAlgorithm' }),
    )
  })

  it('whatever one bit is flipped', () => {
    for (let bit = 0; bit < der.length * 8; bit++) {
      const subject = { spec, spki: key.spki, publicKey: key.publicKey }
      expect(() => proveCsr(flipped(der, bit >> 3, 1 << (bit & 7)), subject)).toThrow(CsrError)
    }
  })

  it('whatever one bit of what is signed is flipped, even without its signature', () => {
    const end = 4 + readCsr(der).toBeSigned.length
    for (let bit = 0; bit < end * 8; bit++) {
      const subject = { spec, spki: key.spki, verifySignature: false }
      expect(() => proveCsr(flipped(der, bit >> 3, 1 << (bit & 7)), subject)).toThrow(CsrError)
    }
  })

  it('in words that hold no value and no key', () => {
    const changed = { ...spec, subject: rdns(['CN', 'secret-project']) }
    expect(() => proveCsr(der, { spec: changed, spki: key.spki })).toThrow(
      expect.objectContaining({ message: 'The CSR differs from its spec at /subject/0.' }),
    )
  })
})

describe('proveKey', () => {
  it('takes a CSR over the very key, of every algorithm', async () => {
    for (const { name, defaultDigest, generate, sign } of Object.values(keyAlgorithms)) {
      if (name.startsWith('rsa') && name !== 'rsa-2048') continue
      const key = await generate()
      const other = { ...spec, key: { algorithm: name, digest: defaultDigest } } as Spec
      const csr = await buildCsr(other, key.spki, (bytes) =>
        sign(key.privateKey, defaultDigest, bytes),
      )
      expect(() => proveKey(csr, { ...key, spec: other })).not.toThrow()
    }
  })

  it('refuses another key, one bit of difference, and what is no CSR', async () => {
    const { generate, sign } = keyAlgorithms['ecdsa-p256']
    const [key, another] = [await generate(), await generate()]
    const csr = await buildCsr(spec, key.spki, (bytes) => sign(key.privateKey, 'sha256', bytes))
    const at = csr.indexOf(key.spki)
    expect(() => proveKey(csr, { ...another, spec })).toThrow(CsrError)
    // The pair itself does not belong together.
    const mixed = { spki: key.spki, publicKey: another.publicKey, spec }
    expect(() => proveKey(csr, mixed)).toThrow(CsrError)
    for (const place of [at, at + key.spki.length - 1]) {
      const changed = Buffer.from(csr)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect(() => proveKey(changed, { ...key, spec })).toThrow(CsrError)
    }
    for (const rubbish of [
      Buffer.alloc(0),
      Buffer.of(0x30),
      Buffer.alloc(200, 0xff),
      csr.subarray(0, at),
    ])
      expect(() => proveKey(rubbish, { ...key, spec })).toThrow(CsrError)
  })
})

function flipped(bytes: Buffer, at: number, mask = 1): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(at) ^ mask, at)
  return changed
}
