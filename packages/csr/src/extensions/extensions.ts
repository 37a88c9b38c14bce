import { z } from 'zod'
import { nameOfOid, oids } from '../csr-oids.ts'
import { type DerElement, type DerReport, readDer } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import type { Reading } from '../reading.ts'
import { bounded, evenIfFaulty, fieldsOf, isSound } from '../schemas.ts'
import { type BasicConstraints, basicConstraintsForm } from './basic-constraints.ts'
import { type ExtendedKeyUsage, extendedKeyUsageForm } from './extended-key-usage.ts'
import type { ExtensionForm } from './extension-form.ts'
import { type KeyUsage, keyUsageForm } from './key-usage.ts'
import {
  type MicrosoftTemplate,
  microsoftTemplateForm,
  microsoftTemplateNameForm,
} from './microsoft-template.ts'
import { checkRawTlsFeature, mustStapleForm } from './must-staple.ts'
import { type RawExtension, rawExtensionSchema } from './raw-extension.ts'
import { type SubjectKeyIdentifier, subjectKeyIdentifierForm } from './subject-key-identifier.ts'

/** The extensions that have a field of their own in a spec, each with the type of its value. */
type ExtensionValues = {
  keyUsage: KeyUsage
  extendedKeyUsage: ExtendedKeyUsage
  basicConstraints: BasicConstraints
  subjectKeyIdentifier: SubjectKeyIdentifier
  mustStaple: true
  microsoftTemplate: MicrosoftTemplate
  microsoftTemplateName: string
}

/** Name of an extension that has a field of its own. */
export type ExtensionName = keyof ExtensionValues

/** The extensions that a spec asks for; subject alternative names have a place of their own. */
export type Extensions = { [Name in ExtensionName]?: ExtensionValues[Name] } & {
  raw?: RawExtension[]
}

/** An extension as it stands in a CSR; `value` is the content of its OCTET STRING. */
export type ReadExtension = { oid: string; critical: boolean; value: Buffer }

/** Every extension that a spec has a field for. Their order is that of the CSR. */
export const extensionForms: {
  readonly [Name in ExtensionName]: ExtensionForm<ExtensionValues[Name]>
} = {
  keyUsage: keyUsageForm,
  extendedKeyUsage: extendedKeyUsageForm,
  basicConstraints: basicConstraintsForm,
  subjectKeyIdentifier: subjectKeyIdentifierForm,
  mustStaple: mustStapleForm,
  microsoftTemplate: microsoftTemplateForm,
  microsoftTemplateName: microsoftTemplateNameForm,
}

/** Names of the extensions that have a field of their own. */
export const extensionNames = Object.keys(extensionForms) as ExtensionName[]

const fieldsByOid: ReadonlyMap<string, string> = new Map([
  [oids.subjectAltName, 'subjectAltNames'],
  ...extensionNames.map((name) => [extensionForms[name].oid, `extensions.${name}`] as const),
])

const oidsOfForms = new Map(extensionNames.map((name) => [name, der.oid(extensionForms[name].oid)]))

const mostRaw = 100

const rawListSchema = z
  .array(rawExtensionSchema, 'must be an array of extensions')
  .superRefine((raw, context) => {
    if (!Array.isArray(raw)) return
    const sound = [...raw.entries()].filter(([i]) => isSound(context.issues, [i]))
    for (const [i, extension] of sound) {
      const message = checkRaw(extension, raw.slice(0, i))
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [i, 'oid'] })
    }
  }, evenIfFaulty)

const rawSchema = bounded(rawListSchema, mostRaw, 'extensions')

/** Takes the extensions of a spec as a client writes them and gives them normalised. */
export const extensionsSchema: z.ZodType<Extensions> = fieldsOf({
  keyUsage: z.exactOptional(keyUsageForm.schema),
  extendedKeyUsage: z.exactOptional(extendedKeyUsageForm.schema),
  basicConstraints: z.exactOptional(basicConstraintsForm.schema),
  subjectKeyIdentifier: z.exactOptional(subjectKeyIdentifierForm.schema),
  mustStaple: z.exactOptional(mustStapleForm.schema),
  microsoftTemplate: z.exactOptional(microsoftTemplateForm.schema),
  microsoftTemplateName: z.exactOptional(microsoftTemplateNameForm.schema),
  raw: z.exactOptional(rawSchema),
}).superRefine(({ raw, mustStaple }, context) => {
  if (mustStaple === undefined || !isSound(context.issues, ['raw'])) return
  for (const [i, { oid }] of (raw ?? []).entries()) {
    if (oid !== mustStapleForm.oid) continue
    const message = 'is there already, as mustStaple; each extension is allowed once'
    context.addIssue({ code: 'custom', message, path: ['raw', i, 'oid'] })
  }
}, evenIfFaulty)

/** Types and criticality of the extensions in the order in which a CSR has them. */
export function extensionsInOrder(extensions: Extensions): { oid: string; critical: boolean }[] {
  const named = extensionNames.flatMap((name) => {
    const value = extensions[name]
    if (value === undefined) return []
    const { oid, critical } = formOf(name)
    return [{ oid, critical: critical(value) }]
  })
  const raw = (extensions.raw ?? []).map(({ oid, critical }) => ({ oid, critical }))
  return [...named, ...raw]
}

/** The Extensions' members (RFC 5280 section 4.1) in their order. */
export function encodeExtensions(extensions: Extensions, spki: Buffer): Buffer[] {
  const named = extensionNames.flatMap((name) => {
    const value = extensions[name]
    if (value === undefined) return []
    const { encode, critical, oid } = formOf(name)
    return [
      encodeExtension(oidsOfForms.get(name) ?? der.oid(oid), critical(value), encode(value, spki)),
    ]
  })
  const raw = (extensions.raw ?? []).map(({ oid, critical, value }) =>
    encodeExtension(der.oid(oid), critical, Buffer.from(value, 'base64')),
  )
  return [...named, ...raw]
}

/** One Extension; a `critical` that is false is left out. */
export function encodeExtension(oid: Buffer, critical: boolean, value: Buffer): Buffer {
  const octets = der.octetString(value)
  return der.sequence(critical ? [oid, der.booleanTrue, octets] : [oid, octets])
}

/** What the requested extensions ask for; what has no field of its own is in `raw`. */
export function readExtensions(requested: readonly ReadExtension[], reading: Reading): Extensions {
  const extensions: Record<string, unknown> = {}
  const raw: RawExtension[] = []
  for (const extension of requested) {
    if (extension.oid === oids.subjectAltName) continue
    const name = nameOf(extension.oid)
    const pointer = `/extensions/${name ?? `raw/${raw.length}`}`
    const value = reading.attempt(
      'extension_malformed',
      pointer,
      () => readValue(extension, name, reading, pointer),
      undefined,
    )
    if (name !== undefined && value !== undefined) extensions[name] = value
    else {
      const { oid, critical } = extension
      raw.push({ oid, critical, value: extension.value.toString('base64') })
    }
  }
  return { ...extensions, ...(raw.length > 0 ? { raw } : {}) }
}

/** The name of the first field in which extensions that were read differ from those asked for. */
export function differingExtension(
  asked: Extensions,
  found: Extensions,
  spki: Buffer,
): string | undefined {
  const differing = extensionNames.find((name) => {
    const [one, other] = [asked[name], found[name]]
    if (one === undefined || other === undefined) return one !== other
    const { same } = formOf(name)
    return !(same?.(one, other, spki) ?? sameJson(one, other))
  })
  return differing ?? (sameJson(asked.raw ?? [], found.raw ?? []) ? undefined : 'raw')
}

/** The name of the field for an extension, or undefined if it has none. */
export function nameOf(oid: string): ExtensionName | undefined {
  return extensionNames.find((name) => extensionForms[name].oid === oid)
}

function readValue(
  { oid, value, critical }: ReadExtension,
  name: ExtensionName | undefined,
  reading: Reading,
  pointer: string,
): unknown {
  const report: DerReport = reading.at(pointer)
  const element = reading.attempt(
    'der_malformed',
    pointer,
    () => readValueDer(oid, value, report),
    undefined,
  )
  if (element === undefined) return undefined
  return name === undefined ? undefined : formOf(name).read(element, critical, reading, pointer)
}

/** Says of which extension it is what is no DER: the pointer of a raw one has a number only. */
function readValueDer(oid: string, value: Buffer, report: DerReport): DerElement {
  const what = `The value of ${nameOfOid(oid)}`
  if (value.length === 0) throw new CsrError('malformed_der', `${what} is empty.`)
  try {
    return readDer(value, report)
  } catch (error) {
    if (error instanceof CsrError) throw error.about(what)
    throw error
  }
}

// The one place that forgets which value a form is for: callers pass a value of that same field.
function formOf(name: ExtensionName): ExtensionForm<unknown> {
  return extensionForms[name] as ExtensionForm<unknown>
}

function checkRaw(
  { oid, critical, value }: RawExtension,
  before: readonly RawExtension[],
): string | undefined {
  const field = fieldsByOid.get(oid)
  // A must-staple form does not say every TLS feature, so that one may come raw as well.
  if (field !== undefined && oid !== mustStapleForm.oid) {
    return `is that of ${field}; say it there`
  }
  if (before.some((other) => other?.oid === oid)) {
    return 'is there twice; each extension is allowed once'
  }
  if (oid === oids.authorityKeyIdentifier && critical) {
    return 'is the authorityKeyIdentifier, which must not be critical'
  }
  return oid === mustStapleForm.oid ? checkRawTlsFeature(value) : undefined
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
