import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import type { DerElement } from '../der/der-reader.ts'
import { type ReadStringType, readString, type StringType } from '../der/der-string.ts'
import * as der from '../der/der-writer.ts'
import type { Reading } from '../reading.ts'
import { checked, fieldsOf } from '../schemas.ts'
import { challengePasswordStringType, checkChallengePassword } from './challenge-password.ts'
import { checkUnstructuredName, unstructuredNameStringType } from './unstructured-name.ts'

/** The attributes that a spec can ask for beside its extensions. Both are read by everybody. */
export type Attributes = { challengePassword?: string; unstructuredName?: string }

/** Name of an attribute of a spec. */
export type AttributeName = keyof Attributes

/** The string type in which each attribute was read. */
export type AttributeStringTypes = { [Name in AttributeName]?: ReadStringType }

/** An attribute as it stands in a CSR: its type and the DER of its values. */
export type ReadCsrAttribute = { oid: string; values: DerElement[] }

type AttributeForm = {
  oid: string
  stringType: (text: string) => StringType
  /** The string types that a CSR may have. */
  allowed: readonly ReadStringType[]
  check: (text: string) => string | undefined
}

/** Every attribute that a spec has a field for. */
export const attributeForms: Readonly<Record<AttributeName, AttributeForm>> = {
  challengePassword: {
    oid: oids.challengePassword,
    stringType: challengePasswordStringType,
    allowed: ['printable', 'utf8', 'teletex', 'bmp', 'universal'],
    check: checkChallengePassword,
  },
  unstructuredName: {
    oid: oids.unstructuredName,
    stringType: unstructuredNameStringType,
    allowed: ['ia5', 'printable', 'utf8', 'teletex', 'bmp', 'universal'],
    check: checkUnstructuredName,
  },
}

/** Names of the attributes of a spec. */
export const attributeNames = Object.keys(attributeForms) as AttributeName[]

/** Takes the attributes of a spec. */
export const attributesSchema: z.ZodType<Attributes> = fieldsOf({
  challengePassword: z.exactOptional(checked(checkChallengePassword)),
  unstructuredName: z.exactOptional(checked(checkUnstructuredName)),
})

/** The Attributes (RFC 2986 section 4.1) of a spec but for its extensions. */
export function encodeAttributes(attributes: Attributes): Buffer[] {
  return attributeNames.flatMap((name) => {
    const text = attributes[name]
    if (text === undefined) return []
    const value = der.string(attributeForms[name].stringType(text), text)
    return [encodeAttribute(encodedOids[name], value)]
  })
}

const encodedOids = {
  challengePassword: der.oid(attributeForms.challengePassword.oid),
  unstructuredName: der.oid(attributeForms.unstructuredName.oid),
}

/** One Attribute with one value, by the DER of its object identifier. */
export function encodeAttribute(oid: Buffer, value: Buffer): Buffer {
  return der.sequence([oid, der.setOf([value])])
}

/** The text of the attributes that a spec has a field for, and its string types. */
export function readAttributes(
  attributes: readonly ReadCsrAttribute[],
  reading: Reading,
): { attributes: Attributes; attributeStringTypes: AttributeStringTypes } {
  const read: Attributes = {}
  const stringTypes: AttributeStringTypes = {}
  for (const name of attributeNames) {
    const { oid, allowed } = attributeForms[name]
    const [value] = attributes.find((one) => one.oid === oid)?.values ?? []
    if (value === undefined) continue
    const pointer = `/attributes/${name}`
    const text = reading.attempt(
      'attribute_malformed',
      pointer,
      () => readText(value, reading, pointer, allowed),
      undefined,
    )
    if (text === undefined) continue
    read[name] = text.value
    stringTypes[name] = text.stringType
  }
  return { attributes: read, attributeStringTypes: stringTypes }
}

function readText(
  value: DerElement,
  reading: Reading,
  pointer: string,
  allowed: readonly ReadStringType[],
): { value: string; stringType: ReadStringType } {
  const text = readString(value, reading.at(pointer))
  if (!allowed.includes(text.stringType)) {
    reading.report(
      'attribute_malformed',
      pointer,
      `The attribute is written as ${text.stringType}; ${allowed.join(', ')} are allowed.`,
    )
  }
  return text
}
