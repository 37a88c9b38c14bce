import { isAscii } from '../character-rules.ts'
import { type Parsed, parseAsIs } from '../parsed.ts'
import { checkDnsName } from './dns-name.ts'

const atoms = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/

/**
 * Whether a text is a mailbox for an rfc822Name (RFC 5280 section 4.2.1.6, RFC 5321 section
 * 4.1.2): ASCII, `local@domain`, the local part in dot-atoms of at most 64 characters, the domain
 * a host name. Quoted local parts and address literals, which hardly a reader handles alike, are
 * refused.
 *
 * @example
 * ```ts
 * checkEmailAddress('ops@example.com') // => undefined
 * checkEmailAddress('ops') // => 'is not a mailbox; local@domain is needed, such as ops@example.com'
 * ```
 */
export function checkEmailAddress(text: string): string | undefined {
  if (!isAscii(text)) return 'is not ASCII; a mailbox in ASCII is needed'
  if (text.length > 254) return `has ${text.length} characters; at most 254 are allowed`
  const at = text.lastIndexOf('@')
  if (at < 1) return 'is not a mailbox; local@domain is needed, such as ops@example.com'
  const local = text.slice(0, at)
  if (local.length > 64) {
    return `has ${local.length} characters before the @; at most 64 are allowed`
  }
  if (!atoms.test(local)) {
    return "is not a mailbox: before the @ only letters, digits and !#$%&'*+-/=?^_`{|}~ are allowed, with single dots between them"
  }
  const fault = checkDnsName(text.slice(at + 1), { wildcard: false })
  return fault === undefined ? undefined : `has a domain that ${fault}`
}

/**
 * Takes a mailbox as it is, or says why it is none.
 *
 * @example
 * ```ts
 * parseEmailAddress('Ops@Example.com') // => { ok: true, value: 'Ops@Example.com' }
 * ```
 */
export function parseEmailAddress(text: string): Parsed<string> {
  return parseAsIs(text, checkEmailAddress)
}
