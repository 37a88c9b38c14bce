import {
  type KeyAlgorithm,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
} from './key-algorithms.ts'

/**
 * Whether DER is a SubjectPublicKeyInfo of the algorithm: size, parameters, named curve and
 * uncompressed point, exponent 65537. The point or modulus itself is looked at by
 * `checkPublicKey`.
 *
 * @example
 * ```ts
 * checkSpki(keyAlgorithms.ed25519, (await keyAlgorithms.ed25519.generate()).spki) // => undefined
 * checkSpki(keyAlgorithms.ed25519, Buffer.of(0x30, 0)) // => "is not the public key of an ed25519 key"
 * ```
 */
export function checkSpki(algorithm: KeyAlgorithm, spki: Buffer): string | undefined {
  const { prefix, suffix, length } = algorithm.spki
  const fits =
    spki.length === length &&
    spki.subarray(0, prefix.length).equals(prefix) &&
    spki.subarray(length - suffix.length).equals(suffix)
  return fits ? undefined : `is not the public key of an ${algorithm.name} key`
}

/**
 * The algorithm of which DER is a SubjectPublicKeyInfo, in the sense of `checkSpki`; undefined
 * for any other bytes.
 *
 * @example
 * ```ts
 * keyAlgorithmOfSpki((await keyAlgorithms['ml-dsa-44'].generate()).spki) // => "ml-dsa-44"
 * keyAlgorithmOfSpki(Buffer.of(0x30, 0)) // => undefined
 * ```
 */
export function keyAlgorithmOfSpki(spki: Buffer): KeyAlgorithmName | undefined {
  return keyAlgorithmNames.find((name) => checkSpki(keyAlgorithms[name], spki) === undefined)
}
