import { expect, it } from 'vitest'
import {
  attributeTypes,
  checkAttributeValue,
  proveCsr,
  type Rdn,
  readCsr,
  type SubjectAltName,
} from '../src/index.ts'
import { makeCsr, parsedSpec, specOf } from './make-csr.ts'
import { hasOpenssl, opensslText } from './openssl.ts'

const seed = Number(process.env.CSR_SEED ?? Date.now() % 1_000_000)
const random = mulberry32(seed)
const rounds = 300

it(`what is asked for comes back, whatever it is (CSR_SEED=${seed})`, async () => {
  const { key } = await makeCsr(specOf())
  for (let round = 0; round < rounds; round++) {
    const spec = parsedSpec({
      ...specOf(),
      subject: someName(1),
      subjectAltNames: some(0, 12, altName),
    })
    const { der } = await makeCsr(spec, key)
    proveCsr(der, { spec, spki: key.spki, publicKey: key.publicKey })
    expect(readCsr(der).subject.map((rdn) => rdn.length)).toEqual(
      spec.subject.map((rdn) => rdn.length),
    )
    if (hasOpenssl && round % 30 === 0) await opensslText(der)
  }
})

function someName(min: number): Rdn[] {
  return some(min, 8, () => {
    const types = new Set(some(1, random() < 0.1 ? 4 : 1, () => pick(attributeTypes)))
    return [...types].map((type) => ({
      type,
      value: someValue(type),
    }))
  })
}

function someValue(type: (typeof attributeTypes)[number]): string {
  if (type === 'C' || type === 'jurisdictionC') return pick(['US', 'CH'])
  return type === 'emailAddress' ? `ops@${hostName()}` : text(type)
}

function text(type: (typeof attributeTypes)[number]): string {
  const plain = 'abcXYZ019 -.,:=?/()+'
  for (;;) {
    const alphabet = random() < 0.5 ? plain : `${plain}*@_&"\\#;<>éßΩ株\u200d\ufeff😀𝒳`
    const value = some(1, 64, () => pick([...alphabet])).join('')
    if (checkAttributeValue(type, value) === undefined) return value
  }
}

function altName(): SubjectAltName {
  const kinds: (() => SubjectAltName)[] = [
    () => ({ type: 'dns', value: random() < 0.2 ? `*.a.${hostName()}` : hostName() }),
    () => ({ type: 'ip', value: some(4, 4, () => below(256)).join('.') }),
    () => ({ type: 'ip', value: some(8, 8, () => below(65536).toString(16)).join(':') }),
    () => ({ type: 'ip', value: `${below(65536).toString(16)}::${below(65536).toString(16)}` }),
    () => ({ type: 'email', value: `ops+${below(1000)}@${hostName()}` }),
    () => ({ type: 'uri', value: `https://${hostName()}:${below(65536)}/a%20b?c#d` }),
    () => ({ type: 'rid', value: `2.${some(1, 6, () => below(2 ** 40)).join('.')}` }),
    () => ({ type: 'dirName', value: someName(1) }),
    () => ({ type: 'otherName', oid: `1.${below(40)}.${below(2 ** 33)}`, value: text('O') }),
  ]
  return pick(kinds)()
}

function hostName(): string {
  return [...some(0, 3, () => `h${below(1e6)}-x`), pick(['Example', 'com', 'a'])].join('.')
}

function some<T>(min: number, max: number, make: () => T): T[] {
  return Array.from({ length: min + below(max - min + 1) }, make)
}

function pick<T>(from: readonly T[]): T {
  return from[below(from.length)] as T
}

function below(limit: number): number {
  return Math.floor(random() * limit)
}

/** A small generator of numbers from 0 to 1 that a seed decides (public domain, Tommy Ettinger). */
function mulberry32(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
