import {
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { nullValue, oid, sequence } from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import { type UsualCurveName, usualCurves } from './ec-curves.ts'
import { spkiInPkcs8 } from './ec-pkcs8.ts'
import type {
  DigestName,
  EcFacts,
  GeneratedKey,
  KeyCosts,
  KeyEncoding,
  KeyOperations,
  PureFacts,
  RsaFacts,
} from './key-algorithms.ts'
import { keyOids } from './key-oids.ts'
import { exportSeed, mlDsaSeedTag, pkcs8HeadOfSeed } from './seed-pkcs8.ts'
import { ecSpkiForm, publicExponent, pureSpkiForm, rsaSpkiForm } from './spki-form.ts'

type Family<Facts> = Omit<KeyCosts, 'typicalMs'> & Facts & KeyEncoding & KeyOperations

/** RSA, RFC 8017, signatures with PKCS #1 v1.5: parameters an explicit NULL (RFC 4055 section 5). */
export function rsa(modulusBits: number): Family<RsaFacts> {
  return {
    kind: 'rsa',
    modulusBits,
    lane: 'slow',
    verified: 'each',
    oid: keyOids.rsa,
    spki: rsaSpkiForm(keyOids.rsa, modulusBits),
    defaultDigest: 'sha256',
    ...signing(
      new Map([
        ['sha256', sequence([oid('1.2.840.113549.1.1.11'), nullValue])],
        ['sha384', sequence([oid('1.2.840.113549.1.1.12'), nullValue])],
        ['sha512', sequence([oid('1.2.840.113549.1.1.13'), nullValue])],
      ]),
    ),
    signatureLength: { min: modulusBits / 8, max: modulusBits / 8 },
    generate: () => generateRsa(modulusBits),
    exportSpki,
    exportPrivateKey: exportPkcs8,
  }
}

/**
 * ECDSA with the one digest of the curve's strength, as CAs require (CA/B BR 7.1.3.2.2);
 * parameters absent (RFC 5758 section 3.2).
 *
 * @param algorithm object identifier of the signature
 */
export function ecdsa(
  curve: UsualCurveName,
  digest: DigestName,
  algorithm: string,
): Family<EcFacts> {
  const { oid: curveOid, bits } = usualCurves[curve]
  const spki = ecSpkiForm(keyOids.ec, curveOid, bits)
  const spkiIn = spkiInPkcs8(spki, bits)
  return {
    kind: 'ec',
    curve,
    lane: 'fast',
    verified: 'some',
    oid: keyOids.ec,
    spki,
    defaultDigest: digest,
    ...signing(new Map([[digest, sequence([oid(algorithm)])]])),
    signatureLength: { min: 8, max: longestEcdsaSignature(bits) },
    generate: () => {
      const pair = generateKeyPairSync('ec', { namedCurve: curve, paramEncoding: 'named' })
      const pkcs8 = exportPkcs8(pair.privateKey)
      return { ...pair, spki: spkiIn(pkcs8), pkcs8 }
    },
    exportSpki: (publicKey) => rawSpki(publicKey, spki),
    exportPrivateKey: exportPkcs8,
  }
}

/** Ed25519, RFC 8410: one identifier for key and signature, parameters absent. */
export function ed25519(): Family<PureFacts> {
  const facts = pure(keyOids.ed25519, 32, 64)
  return {
    kind: 'ed25519',
    title: 'Ed25519',
    lane: 'fast',
    verified: 'some',
    ...facts,
    generate: () => {
      const { privateKey } = generateKeyPairSync('ed25519')
      const publicKey = createPublicKey(privateKey)
      const spki = rawSpki(publicKey, facts.spki)
      return { privateKey, publicKey, spki, pkcs8: exportPkcs8(privateKey) }
    },
    exportSpki: (publicKey) => rawSpki(publicKey, facts.spki),
    exportPrivateKey: exportPkcs8,
  }
}

/** ML-DSA, FIPS 204 and RFC 9881: pure, empty context; one identifier for key and signature. */
export function mlDsa(
  type: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87',
  algorithm: string,
  publicKeyOctets: number,
  signatureOctets: number,
): Family<PureFacts> {
  const head = pkcs8HeadOfSeed(algorithm, mlDsaSeedTag)
  const exportOwn = (privateKey: KeyObject) => exportSeed(privateKey, head)
  return {
    kind: 'ml-dsa',
    title: type.toUpperCase(),
    lane: 'fast',
    verified: 'each',
    ...pure(algorithm, publicKeyOctets, signatureOctets),
    generate: () => exported(generateKeyPairSync(type), exportOwn),
    exportSpki,
    exportPrivateKey: exportOwn,
  }
}

function pure(algorithm: string, publicKeyOctets: number, signatureOctets: number) {
  return {
    oid: algorithm,
    publicKeyOctets,
    spki: pureSpkiForm(algorithm, publicKeyOctets),
    defaultDigest: undefined,
    ...signing(new Map([[undefined, sequence([oid(algorithm)])]])),
    signatureLength: { min: signatureOctets, max: signatureOctets },
  }
}

// Without a digest node:crypto would choose one of its own for RSA and EC: it never gets there.
function signing(signatureAlgorithms: KeyEncoding['signatureAlgorithms']) {
  return {
    signatureAlgorithms,
    sign: (privateKey, digest, data) => {
      if (!signatureAlgorithms.has(digest)) {
        throw new CsrError('unencodable', `The key does not sign with ${digest ?? 'no digest'}.`)
      }
      return sign(digest, data, privateKey)
    },
    verify: (publicKey, digest, data, signature) =>
      signatureAlgorithms.has(digest) && verify(digest, data, publicKey, signature),
  } satisfies Partial<KeyEncoding & KeyOperations>
}

// The callback form, on the thread pool: RSA generation must never hold an event loop.
function generateRsa(modulusLength: number): Promise<GeneratedKey> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength, publicExponent }, (cause, publicKey, privateKey) => {
      if (cause === null) resolve(exported({ publicKey, privateKey }, exportPkcs8))
      else reject(new CsrError('key_generation_failed', 'No RSA key could be made.', { cause }))
    })
  })
}

function exported(
  pair: Pick<GeneratedKey, 'publicKey' | 'privateKey'>,
  exportPrivateKey: KeyOperations['exportPrivateKey'],
): GeneratedKey {
  return { ...pair, spki: exportSpki(pair.publicKey), pkcs8: exportPrivateKey(pair.privateKey) }
}

/**
 * Several times as fast as the whole: node:crypto writes the octets of the key, and what stands before them is known. Those
 * of a point begin with its form, 04, which is the last octet of the prefix as well.
 */
function rawSpki(publicKey: KeyObject, { prefix, length }: KeyEncoding['spki']): Buffer {
  const raw = publicKey.export({ format: 'raw-public' })
  return Buffer.concat([prefix, raw.subarray(raw.length - (length - prefix.length))])
}

const exportSpki = (publicKey: KeyObject) => publicKey.export({ type: 'spki', format: 'der' })

function exportPkcs8(privateKey: KeyObject): Buffer {
  return privateKey.export({ type: 'pkcs8', format: 'der' })
}

// The order of each of the curves has as many bits as its field. Where they end within an octet, as
// those of P-521 do, an integer never needs a zero in front.
function longestEcdsaSignature(bits: number): number {
  const integer = 2 + Math.floor(bits / 8) + 1
  return 2 * integer + (2 * integer < 0x80 ? 2 : 3)
}
