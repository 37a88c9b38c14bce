import { isUtf8 } from 'node:buffer'
import { quoted } from '../character-rules.ts'
import { type Parsed, parsed, refused } from '../parsed.ts'
import type { AttributeTypeAndValue, Rdn } from './distinguished-name.ts'
import { attributeTypeOfName, checkAttributeValue } from './subject-attributes.ts'

/** A character as it stands, or what an escape means: an escaped one never separates anything. */
type Token = { text: string; escaped: boolean }

const maxLength = 16_384
// A run of \XX is octets of UTF-8, of which a character may need several; \ before a special is
// that special.
const tokenForm = /(?:\\[\dA-Fa-f]{2})+|\\[ "#+,;<=>\\]|./gsu

/**
 * Reads a distinguished name in the string form of RFC 4514, `CN=x,O=y,C=US`. That form is written
 * last RDN first: the result is in the order of the encoding, C before O before CN. Spaces after a
 * separator are allowed. Values as `#` and hexadecimal DER are refused.
 *
 * @example
 * ```ts
 * parseDirectoryName('CN=x,C=US') // => { ok: true, value: [[{ type: 'C', value: 'US' }], [{ type: 'CN', value: 'x' }]] }
 * ```
 */
export function parseDirectoryName(text: string): Parsed<Rdn[]> {
  if (text.trim() === '') return refused('is empty; a name such as CN=x,O=y,C=US is needed')
  if (text.length > maxLength) {
    return refused(`has ${text.length} characters; at most ${maxLength} are allowed`)
  }
  const tokens = tokenise(text)
  if (!tokens.ok) return tokens
  const rdns = collect(split(tokens.value, ','), parseRdn)
  return rdns.ok ? parsed(rdns.value.reverse()) : rdns
}

function tokenise(text: string): Parsed<Token[]> {
  const written: string[] = text.match(tokenForm) ?? []
  if (written.includes('\\')) {
    return refused(
      'has a backslash that escapes nothing; one of ,+"\\<>;=# or two digits must follow',
    )
  }
  if (written.some((part) => !isUtf8(escapedOctets(part)))) {
    return refused('has escaped octets that are not UTF-8; each octet of a character is needed')
  }
  return parsed(written.map(toToken))
}

function toToken(written: string): Token {
  if (!written.startsWith('\\')) return { text: written, escaped: false }
  const octets = escapedOctets(written)
  return { text: octets.length > 0 ? octets.toString('utf8') : written.slice(1), escaped: true }
}

/** The octets that a run of \\XX stands for; none for all else. */
function escapedOctets(written: string): Buffer {
  const escapes = /^\\[\dA-Fa-f]{2}/.test(written)
  return Buffer.from(escapes ? written.replaceAll('\\', '') : '', 'hex')
}

function parseRdn(tokens: Token[]): Parsed<Rdn> {
  const rdn = collect(split(tokens, '+'), parseAttribute)
  if (!rdn.ok) return rdn
  const types = rdn.value.map(({ type }) => type)
  const twice = types.find((type, i) => types.indexOf(type) !== i)
  if (twice === undefined) return rdn
  return refused(`has ${twice} twice in one RDN; each type once is allowed there`)
}

function parseAttribute(tokens: Token[]): Parsed<AttributeTypeAndValue> {
  const equals = tokens.findIndex((token) => isPlain(token, '='))
  const name = textOf(tokens.slice(0, Math.max(equals, 0))).trimStart()
  if (name === '') {
    return refused(`has ${quoted(textOf(tokens))} where type=value is needed, such as CN=x`)
  }
  const type = attributeTypeOfName(name)
  if (type === undefined) {
    return refused(`has the attribute type ${quoted(name)}; a known type is needed, such as CN`)
  }
  const valueTokens = tokens.slice(equals + 1)
  const value = textOf(valueTokens)
  const fault = checkWriting(valueTokens) ?? checkAttributeValue(type, value)
  return fault === undefined ? parsed({ type, value }) : refused(`has a ${type} that ${fault}`)
}

function checkWriting(value: Token[]): string | undefined {
  if (isPlain(value[0], '#')) {
    return 'is hexadecimal DER (#…); text is needed, with \\# where it starts with #'
  }
  if (isPlain(value[0], ' ') || isPlain(value.at(-1), ' ')) {
    return 'starts or ends with a space; "\\ " is needed for a space that belongs to it'
  }
  const special = value.find((token) => /^["<>;]$/.test(token.text) && !token.escaped)
  return special && `has ${special.text} as it is; a backslash is needed before it`
}

function split(tokens: Token[], separator: string): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isPlain(token, separator)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** Parses every part, or gives the first fault. */
function collect<T>(parts: Token[][], parse: (part: Token[]) => Parsed<T>): Parsed<T[]> {
  const values: T[] = []
  for (const part of parts) {
    const value = parse(part)
    if (!value.ok) return value
    values.push(value.value)
  }
  return parsed(values)
}

function isPlain(token: Token | undefined, text: string): boolean {
  return token !== undefined && !token.escaped && token.text === text
}

function textOf(tokens: Token[]): string {
  return tokens.map(({ text }) => text).join('')
}
