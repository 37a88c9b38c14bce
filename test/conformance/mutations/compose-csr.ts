import type { KeyObject } from 'node:crypto'
import {
  type Der,
  type Edit,
  editAt,
  encode,
  type Part,
  parse,
  partsOf,
  treeOf,
} from './der-tree.ts'
import { bits, octets, oid, seq, set } from './der-values.ts'

/** A CSR in parts, each of which can be replaced by something wrong. */
export type Csr = {
  /** CertificationRequestInfo: what is signed. */
  info: Part
  algorithm: Part
  /** What the good CSR was signed with. */
  privateKey: KeyObject
  /** The octets of the signature over the bytes of the info. */
  sign: (info: Buffer) => Buffer
  /** What holds those octets. */
  signature: (octets: Buffer) => Part
  /** The whole of the three parts. */
  whole: (...parts: Part[]) => Part
  /** What is handed to lint. */
  written: (der: Buffer) => Buffer | string
}

/** Makes one thing wrong. */
export type Mutate = (csr: Csr) => Csr

/** Where the parts of a CSR stand in its info. */
const places = { info: [], version: [0], subject: [1], key: [2], attributes: [3] } as const

/** A part of the info, and from there the numbers of the parts within: `subject/0/0/1`. */
export type Place = keyof typeof places | `${keyof typeof places}/${string}`

const extensionRequest = encode(oid('1.2.840.113549.1.9.14'))
const subjectAltName = '2.5.29.17'

/** The parts of a good CSR. */
export function csrOf(der: Buffer, privateKey: KeyObject, sign: Csr['sign']): Csr {
  const [info, algorithm] = partsOf(parse(der))
  if (info === undefined || algorithm === undefined) throw new Error('This is no CSR.')
  const whole = {
    signature: (value: Buffer) => bits(value),
    whole: seq,
    written: (it: Buffer) => it,
  }
  return { info, algorithm, privateKey, sign, ...whole }
}

/** What lint gets to see: put together and signed, over whatever the info is by now. */
export function composeCsr(csr: Csr): Buffer | string {
  const info = encode(csr.info)
  return csr.written(encode(csr.whole(info, csr.algorithm, csr.signature(csr.sign(info)))))
}

/** Several changes, one after the other. */
export function all(...changes: Mutate[]): Mutate {
  return (csr) => changes.reduce((changed, change) => change(changed), csr)
}

/** Changes a part of the info. */
export function at(place: Place, edit: Edit | Part): Mutate {
  const [name = '', ...rest] = place.split('/')
  const path = [...places[name as keyof typeof places], ...rest.map(Number)]
  return (csr) => ({
    ...csr,
    info: onlyOne(editAt(treeOf(csr.info), path, typeof edit === 'function' ? edit : () => edit)),
  })
}

/** Changes the Extension of a type at a path within; its value is `1/0`, or `2/0` after a critical. */
export function inExtension(dotted: string, path: string, edit: Edit | Part): Mutate {
  const change = typeof edit === 'function' ? edit : () => edit
  const indices = path === '' ? [] : path.split('/').map(Number)
  return extensions((list) =>
    list.flatMap((one) =>
      startsWith(one, encode(oid(dotted))) ? editAt(treeOf(one), indices, change) : [one],
    ),
  )
}

/** Replaces the list of requested extensions. */
export function extensions(change: (list: readonly Part[]) => readonly Part[]): Mutate {
  return inAttributes((list) =>
    list.map((one) =>
      startsWith(one, extensionRequest)
        ? onlyOne(
            editAt(treeOf(one), [1, 0], (value) => ({ ...value, body: change(partsOf(value)) })),
          )
        : one,
    ),
  )
}

/** Puts an extension in the place of the one of its type, or at the end. */
export function extension(dotted: string, value: Part, ...critical: Part[]): Mutate {
  const type = encode(oid(dotted))
  return extensions((list) => [
    ...list.filter((one) => !startsWith(one, type)),
    seq(type, ...critical, octets(value)),
  ])
}

/** Replaces all subject alternative names. */
export function names(...list: Part[]): Mutate {
  return extension(subjectAltName, seq(...list))
}

/** Replaces the list of attributes, which is sorted again. */
export function inAttributes(change: (list: readonly Part[]) => readonly Part[]): Mutate {
  return at('attributes', (value) => ({ ...value, body: partsOf(set(...change(partsOf(value)))) }))
}

/** Puts an attribute in the place of the one of its type, or beside the others. */
export function attribute(dotted: string, ...values: Part[]): Mutate {
  const type = encode(oid(dotted))
  return inAttributes((list) => [
    ...list.filter((one) => !startsWith(one, type)),
    seq(type, set(...values)),
  ])
}

/** Replaces the subject by RDNs. */
export function subject(...rdns: Part[]): Mutate {
  return at('subject', seq(...rdns))
}

/** An RDN of one attribute. */
export function rdn(type: string, value: Part): Der {
  return set(seq(oid(type), value))
}

/** A value with its length in the wrong form. */
export function withLength(length: NonNullable<Der['length']>): Edit {
  return (value) => ({ ...value, length })
}

/** A value with another part at its end. */
export function withMore(...more: Part[]): Edit {
  return (value) => ({ ...value, body: [...partsOf(value), ...more] })
}

/** A value with its parts the other way round. */
export const reversed: Edit = (value) => ({ ...value, body: partsOf(value).toReversed() })

/** A value with another tag. */
export function withTag(tag: number): Edit {
  return (value) => ({ ...value, tag })
}

/** Nothing in the place of a value. */
export const gone: Edit = () => []

function startsWith(part: Part, type: Buffer): boolean {
  const [first] = partsOf(treeOf(part))
  return first !== undefined && encode(first).equals(type)
}

function onlyOne(changed: Part | readonly Part[]): Part {
  const [part, ...more] = [changed].flat()
  if (part === undefined || more.length > 0) throw new Error('The whole can only be replaced.')
  return part
}
