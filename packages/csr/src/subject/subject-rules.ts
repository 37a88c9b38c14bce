import { checkCharacters, quoted } from '../character-rules.ts'
import { oids } from '../csr-oids.ts'
import type { Report } from '../lint/finding.ts'
import type { SubjectAltName } from '../names/general-names.ts'
import { ipAddressOctets } from '../names/ip-address.ts'
import { hostNameAltName } from '../names/subject-alt-names.ts'
import type { CsrContent } from '../read-csr.ts'
import { repeated } from '../repeated.ts'
import type { ReadAttribute, ReadRdn } from './distinguished-name.ts'
import {
  allowedStringTypes,
  checkAttributeLength,
  checkFurther,
  checkStringType,
} from './subject-attributes.ts'
import type { SubjectFindingCode } from './subject-findings.ts'

/** Attribute types of which a name usually has several. */
const mayRepeat: ReadonlySet<string> = new Set(['OU', 'DC', 'street', 'GN', 'SN', 'initials'])

// Zero-width and bidirectional controls, fillers, characters that were lost: what shows as something
// else than it is. Between letters of scripts that need them, joiners are a part of the spelling.
const invisible =
  /\u034f|\p{Noncharacter_Code_Point}|(?<!\p{L}|\p{M}|\p{Extended_Pictographic}|\ufe0f)(?:\u200c|\u200d)|(?<=[A-Za-z])(?:\u200c|\u200d)|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufffd]/u

/** What OpenSSL and keytool write where nobody answered, and what stands for nothing. */
const placeholders: ReadonlySet<string> = new Set([
  'some-state',
  'internet widgits pty ltd',
  'default city',
  'default company ltd',
  'unknown',
  'n/a',
  'none',
  'null',
  'undefined',
])

/** Looks at what the subject says (RFC 5280 section 4.1.2.6 and appendix A). */
export function checkSubject(content: CsrContent, report: Report<SubjectFindingCode>): void {
  const { subject, requestedExtensions } = content
  const named = requestedExtensions.some(({ oid }) => oid === oids.subjectAltName)
  if (subject.length === 0 && !named) {
    report(
      'subject_empty',
      '/subject',
      'The subject is empty and there are no subject alternative names; one of them has to say who it is.',
    )
  }
  checkName(subject, report)
  checkRepeated(subject, report)
  checkCommonNames(content, report)
}

/** The rules of every value of a Name, a subject's or a directory name's. */
export function checkName(
  name: readonly ReadRdn[],
  report: Report<SubjectFindingCode>,
  pointer = '/subject',
): void {
  for (const [i, rdn] of name.entries()) {
    for (const [j, attribute] of rdn.entries()) {
      checkValue(attribute, (code, message) => report(code, `${pointer}/${i}/${j}/value`, message))
    }
  }
}

function checkValue(
  attribute: ReadAttribute,
  report: (code: SubjectFindingCode, message: string) => void,
): void {
  const { type, value } = attribute
  const rules: [SubjectFindingCode, string | undefined][] = [
    [
      'subject_value',
      checkCharacters(value) ?? (type === 'emailAddress' ? undefined : checkFurther(type, value)),
    ],
    ['subject_email_address', type === 'emailAddress' ? checkFurther(type, value) : undefined],
    ['subject_value_length', checkAttributeLength(type, value)],
    [stringTypeCode(attribute), checkReadStringType(attribute)],
    ['subject_spaces', checkSpaces(value)],
    ['subject_invisible_characters', checkInvisible(value)],
    ['subject_placeholder', checkPlaceholder(value)],
  ]
  for (const [code, fault] of rules) {
    if (fault !== undefined) report(code, `The ${type} ${fault}.`)
  }
}

// RFC 5280 section 4.1.2.4: a DirectoryString may still be one of these, but no CA writes them.
const stringTypesOfOld: readonly string[] = ['teletex', 'bmp', 'universal']

function stringTypeCode({ type, stringType }: ReadAttribute): SubjectFindingCode {
  const directory = allowedStringTypes(type).includes('utf8')
  return directory && stringTypesOfOld.includes(stringType)
    ? 'subject_string_type_old'
    : 'subject_string_type'
}

/** A value that does not fit its own string type was reported when it was read. */
function checkReadStringType({ type, value, stringType }: ReadAttribute): string | undefined {
  // A type that is not known here may have values of any kind: a date, a number.
  if (type.includes('.')) return undefined
  const allowed: readonly string[] = allowedStringTypes(type)
  return allowed.includes(stringType) ? undefined : checkStringType(type, stringType, value)
}

function checkSpaces(value: string): string | undefined {
  if (value.trim() === '') return undefined
  if (/^\p{Zs}|\p{Zs}$/u.test(value)) return 'starts or ends with a space; none is expected there'
  return value.includes('  ') ? 'has several spaces in a row; one is expected' : undefined
}

function checkInvisible(value: string): string | undefined {
  const found = value.match(invisible)?.[0]
  return (
    found &&
    `has the character ${escaped(found)}, which shows as nothing or as another; only visible characters are expected`
  )
}

function escaped(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function checkPlaceholder(value: string): string | undefined {
  const word = value.trim().toLowerCase()
  const empty = word !== '' && /^[\p{P}\p{S}\p{Z}]+$/u.test(word) && word !== '*'
  if (!empty && !placeholders.has(word)) return undefined
  return `is ${quoted(value)}, which says nothing; leave the attribute out`
}

function checkRepeated(subject: readonly ReadRdn[], report: Report<SubjectFindingCode>): void {
  const types = subject.flat().map(({ type }) => type)
  for (const type of repeated(types)) {
    if (mayRepeat.has(type)) continue
    report(
      'subject_attribute_repeated',
      '/subject',
      `The subject has several ${type}; programs take the first or the last.`,
    )
  }
  for (const [i, rdn] of subject.entries()) {
    if (new Set(rdn.map(({ type }) => type)).size === rdn.length) continue
    report(
      'subject_attribute_repeated',
      `/subject/${i}`,
      'An RDN has an attribute type twice; each type once is allowed in one RDN.',
    )
  }
}

function checkCommonNames(
  { subject, subjectAltNames }: CsrContent,
  report: Report<SubjectFindingCode>,
): void {
  const names = new Set(subjectAltNames.map(keyOf))
  const hosts = subjectAltNames.some(({ type }) => type === 'dns' || type === 'ip')
  for (const [i, rdn] of subject.entries()) {
    for (const [j, { type, value }] of rdn.entries()) {
      const pointer = `/subject/${i}/${j}/value`
      if (type === 'CN')
        checkCommonName(value, names, hosts, (code, message) => report(code, pointer, message))
    }
  }
}

/** A common name of one label, where no host is named, is a name as good as any other. */
function checkCommonName(
  value: string,
  names: ReadonlySet<string>,
  hosts: boolean,
  report: (code: SubjectFindingCode, message: string) => void,
): void {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(value)) {
    report('common_name_uri', `The CN ${quoted(value)} is a URL; a host name alone is expected.`)
    return
  }
  const own = hostNameAltName(value)
  if (own === undefined || names.has(keyOf(own))) return
  if (own.type === 'dns' && !own.value.includes('.') && !hosts) return
  const where = hosts
    ? 'is not among the subject alternative names'
    : 'is a host, but no subject alternative name is'
  report('common_name_not_in_san', `The CN ${quoted(value)} ${where}; clients look only there.`)
}

/** Names are the same where their keys are: host names in either case, addresses in any text. */
function keyOf(name: SubjectAltName | CsrContent['subjectAltNames'][number]): string {
  if (name.type === 'dns') return `dns:${name.value.toLowerCase()}`
  return name.type === 'ip' ? `ip:${ipAddressOctets(name.value)?.toString('hex')}` : name.type
}
