import { parseOid } from '../der/oid.ts'
import { type Parsed, parseAsIs, parsed, refused } from '../parsed.ts'
import { parseDirectoryName } from '../subject/directory-name.ts'
import { type DnsNameOptions, parseDnsName } from './dns-name.ts'
import { parseEmailAddress } from './email-address.ts'
import { encodeGeneralName, type SubjectAltName, type SubjectAltNameType } from './general-names.ts'
import { isIpAddress, parseIpAddress } from './ip-address.ts'
import { checkUpn, parseOtherName, upnOid } from './other-name.ts'
import { parseUri } from './uri.ts'

/** A subject alternative name that repeats an earlier one; both are indices. */
export type DuplicateName = { index: number; firstIndex: number }

type TextParser = (text: string, options: DnsNameOptions) => Parsed<SubjectAltName>

const textParsers: Readonly<Record<SubjectAltNameType, TextParser>> = {
  dns: (text, options) => named('dns', parseDnsName(text, options)),
  ip: (text) => named('ip', parseIpAddress(text)),
  email: (text) => named('email', parseEmailAddress(text)),
  uri: (text) => named('uri', parseUri(text)),
  rid: (text) => named('rid', parseOid(text)),
  dirName: (text) => {
    const name = parseDirectoryName(text)
    return name.ok ? parsed({ type: 'dirName', value: name.value }) : name
  },
  otherName: (text) => {
    const name = parseOtherName(text)
    if (!name.ok) return name
    const { oid, value } = name.value
    if (oid !== upnOid) return parsed({ type: 'otherName', oid, value })
    const upn = parseUpn(value)
    return upn.ok ? upn : refused(`has a value that ${upn.message}`)
  },
  upn: parseUpn,
}

/**
 * Turns the text of a name of a known type into its normalised form: `dirName` is RFC 4514 text,
 * `otherName` is `OID;UTF8:text` (under Microsoft's type a `upn`), `rid` is dotted. The options
 * count for `dns` only.
 *
 * @example
 * ```ts
 * parseSubjectAltName('dns', 'bücher.example') // => { ok: true, value: { type: 'dns', value: 'xn--bcher-kva.example' } }
 * parseSubjectAltName('ip', '010.0.0.1').ok // => false
 * ```
 */
export function parseSubjectAltName(
  type: SubjectAltNameType,
  text: string,
  options: DnsNameOptions = {},
): Parsed<SubjectAltName> {
  return textParsers[type](text, options)
}

/**
 * The name that stands for a common name: an `ip` if that is an address, a `dns` (A-labels where
 * it needs them) if it is a host name, otherwise undefined.
 *
 * @example
 * ```ts
 * hostNameAltName('192.0.2.10') // => { type: 'ip', value: '192.0.2.10' }
 * hostNameAltName('Edge of the world') // => undefined
 * ```
 */
export function hostNameAltName(
  commonName: string,
  options: DnsNameOptions = {},
): SubjectAltName | undefined {
  if (isIpAddress(commonName)) return { type: 'ip', value: commonName }
  const name = parseDnsName(commonName, options)
  return name.ok ? { type: 'dns', value: name.value } : undefined
}

/**
 * Names that are encoded exactly like an earlier one, for dialects that refuse them: two
 * spellings of one IPv6 address are duplicates, two spellings of a host name are not.
 *
 * @example
 * ```ts
 * duplicateNames([{ type: 'ip', value: '::1' }, { type: 'ip', value: '0:0::1' }]) // => [{ index: 1, firstIndex: 0 }]
 * ```
 */
export function duplicateNames(names: readonly SubjectAltName[]): DuplicateName[] {
  const first = new Map<string, number>()
  const duplicates: DuplicateName[] = []
  for (const [index, name] of names.entries()) {
    const encoding = encodingOf(name)
    const firstIndex = first.get(encoding)
    if (firstIndex === undefined) first.set(encoding, index)
    else duplicates.push({ index, firstIndex })
  }
  return duplicates
}

/**
 * Whether a name is among others. Host names that differ in upper and lower case are the same
 * (RFC 4343).
 *
 * @example
 * ```ts
 * isAmongNames({ type: 'dns', value: 'EDGE.example.com' }, [{ type: 'dns', value: 'edge.example.com' }]) // => true
 * isAmongNames({ type: 'ip', value: '::1' }, [{ type: 'ip', value: '0:0::1' }]) // => true
 * isAmongNames({ type: 'ip', value: '::1' }, []) // => false
 * ```
 */
export function isAmongNames(name: SubjectAltName, names: readonly SubjectAltName[]): boolean {
  const compared = [...names, name].map(
    (one): SubjectAltName =>
      one.type === 'dns' ? { type: 'dns', value: one.value.toLowerCase() } : one,
  )
  return duplicateNames(compared).some(({ index }) => index === names.length)
}

// Their text stands for their encoding: equal if, and only if, that is. To encode them takes ten times as long.
const plainTypes: ReadonlySet<string> = new Set(['dns', 'email', 'uri'])

function encodingOf(name: SubjectAltName): string {
  return plainTypes.has(name.type) && 'value' in name
    ? `${name.type}:${name.value}`
    : encodeGeneralName(name).toString('latin1')
}

function parseUpn(text: string): Parsed<SubjectAltName> {
  const upn = parseAsIs(text, checkUpn)
  return upn.ok ? parsed({ type: 'upn', value: upn.value }) : upn
}

function named(
  type: 'dns' | 'ip' | 'email' | 'uri' | 'rid',
  name: Parsed<string>,
): Parsed<SubjectAltName> {
  return name.ok ? parsed({ type, value: name.value }) : name
}
