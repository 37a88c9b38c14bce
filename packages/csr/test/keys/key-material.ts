import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { bitString, nullValue, oid, sequence } from '../../src/der/der-writer.ts'
import { tlv } from '../tlv.ts'

/** PEM of an RSA key that is for tests only: its private part is public. */
export function testRsaPem(bits: 2048 | 3072 | 4096): string {
  return readFileSync(new URL(`data/test-rsa-${bits}.pem`, import.meta.url), 'utf8')
}

/** The SPKI of a new EC key. */
export function ecSpki(namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): Buffer {
  return generateKeyPairSync('ec', { namedCurve, paramEncoding }).publicKey.export({
    type: 'spki',
    format: 'der',
  })
}

/** INTEGER of any number. */
export function integerOf(value: bigint): Buffer {
  const digits = value.toString(16)
  const octets = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  return tlv(0x02, (octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.of(0), octets]))
}

/** An SPKI of an algorithm, its parameters as DER or left out. */
export function spkiOf(algorithm: string, parameters: Buffer | undefined, octets: Buffer): Buffer {
  const identifier = [oid(algorithm), ...(parameters === undefined ? [] : [parameters])]
  return sequence([sequence(identifier), bitString(octets)])
}

/** The SPKI of an RSA key. */
export function rsaSpki(modulus: bigint, exponent = 65537n): Buffer {
  const key = sequence([integerOf(modulus), integerOf(exponent)])
  return spkiOf('1.2.840.113549.1.1.1', nullValue, key)
}

/** Numbers that are the same in every run (xorshift). */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Changes, removes, repeats or cuts octets, as damage or malice would. */
export function mutate(octets: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(octets)
  if (copy.length === 0) return copy
  const at = random(copy.length)
  const ways = [
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(4))]),
    () => copy.subarray(0, at),
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(at >> 1)]),
    () => copy.fill(random(256), at, Math.min(copy.length, at + 1 + random(3))),
    () => copy.fill((copy[at] ?? 0) ^ (1 << random(8)), at, at + 1),
  ]
  // Most changes are of single octets: they keep the structure and reach what is behind it.
  return (ways[Math.max(random(ways.length), random(ways.length))] ?? (() => copy))()
}
