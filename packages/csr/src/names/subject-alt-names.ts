import { encode } from '../der/der-writer.ts'
import { parseOid } from '../der/oid.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { parseDirectoryName } from '../subject/directory-name.ts'
import { type DnsNameOptions, parseDnsName } from './dns-name.ts'
import { parseEmailAddress } from './email-address.ts'
import { encodeGeneralName, type SubjectAltName, type SubjectAltNameType } from './general-names.ts'
import { isIpAddress, parseIpAddress } from './ip-address.ts'
import { parseOtherName } from './other-name.ts'
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
    return name.ok ? parsed({ type: 'otherName', ...name.value }) : name
  },
}

/**
 * Turns the text of a name of a known type into its normalised form: `dirName` is RFC 4514 text,
 * `otherName` is `OID;UTF8:text`, `rid` is dotted. The options count for `dns` only.
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
 */
export function duplicateNames(names: readonly SubjectAltName[]): DuplicateName[] {
  const first = new Map<string, number>()
  const duplicates: DuplicateName[] = []
  for (const [index, name] of names.entries()) {
    const encoding = encode(encodeGeneralName(name)).toString('latin1')
    const firstIndex = first.get(encoding)
    if (firstIndex === undefined) first.set(encoding, index)
    else duplicates.push({ index, firstIndex })
  }
  return duplicates
}

function named(
  type: 'dns' | 'ip' | 'email' | 'uri' | 'rid',
  name: Parsed<string>,
): Parsed<SubjectAltName> {
  return name.ok ? parsed({ type, value: name.value }) : name
}
