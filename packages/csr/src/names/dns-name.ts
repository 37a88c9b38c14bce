import { domainToASCII, domainToUnicode } from 'node:url'
import { parse } from 'tldts'
import { isAscii, quoted } from '../character-rules.ts'
import { type Parsed, parseAsIs, refused } from '../parsed.ts'

/** How a dialect narrows what is a DNS name. */
export type DnsNameOptions = {
  /** Labels needed, those after a leading `*.` counted alone. Default 1. */
  minLabels?: number
  /** Whether a leading `*.` is allowed. Default true. */
  wildcard?: boolean
}

const maxName = 253
const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const number = /^(\d+|0x[\da-f]*)$/i
// node:url drops these from a name without a word; ZWNJ and ZWJ it judges by context (UTS #46).
const ignorable = /[^\P{Default_Ignorable_Code_Point}\u200c\u200d]/u
const dots = /[.\u3002\uff0e\uff61]/u

/**
 * Whether a text is a dNSName as it goes into a certificate (RFC 5280 section 4.2.1.6, RFC 1034
 * section 3.5): ASCII, labels of letters, digits and hyphens, at most one leading `*.`. A name
 * whose last label is a number is refused: it looks like an IPv4 address (RFC 1123 section 2.1).
 *
 * @example
 * ```ts
 * checkDnsName('*.example.com') // => undefined
 * checkDnsName('example.com.') // => "ends with a dot; a host name without it is needed"
 * ```
 */
export function checkDnsName(name: string, options: DnsNameOptions = {}): string | undefined {
  const { minLabels = 1, wildcard = true } = options
  if (name === '') return 'is empty; a host name is needed'
  if (!isAscii(name)) return 'is not ASCII; the A-label form of the name (xn--…) is needed'
  if (name.length > maxName) {
    return `has ${name.length} characters; a host name of at most ${maxName} is allowed`
  }
  if (name.endsWith('.')) return 'ends with a dot; a host name without it is needed'
  const starred = wildcard && name.startsWith('*.')
  const labels = (starred ? name.slice(2) : name).split('.')
  return (
    checkLabels(labels) ??
    checkLabelCount(labels.length, minLabels, starred) ??
    (starred ? checkWildcardPlace(labels.join('.')) : undefined)
  )
}

/**
 * The public suffix of a host name (publicsuffix.org, ICANN's section), or undefined if it ends in
 * none that is listed.
 *
 * @example
 * ```ts
 * publicSuffixOf('shop.example.co.uk') // => "co.uk"
 * publicSuffixOf('printer.lan') // => undefined
 * ```
 */
export function publicSuffixOf(name: string): string | undefined {
  const { publicSuffix, isIcann } = parse(name, {
    allowPrivateDomains: false,
    extractHostname: false,
    validateHostname: false,
  })
  return isIcann === true ? (publicSuffix ?? undefined) : undefined
}

/**
 * Turns a host name as a person writes it into a dNSName. An ASCII name is taken exactly as it
 * is, never re-cased; labels with other characters become A-labels (UTS #46 non-transitional, RFC
 * 5891).
 *
 * @example
 * ```ts
 * parseDnsName('Bücher.Example') // => { ok: true, value: 'xn--bcher-kva.Example' }
 * ```
 */
export function parseDnsName(text: string, options: DnsNameOptions = {}): Parsed<string> {
  if (isAscii(text)) return parseAsIs(text, (name) => checkDnsName(name, options))
  const converted = toALabels(text)
  if (converted === undefined) {
    return refused(
      'has no A-label form; a host name in ASCII or valid international labels is needed',
    )
  }
  return parseAsIs(converted, (name) => checkDnsName(name, options))
}

/**
 * `domainToASCII` is a browser's: it lower-cases ASCII labels too, decodes `%41`, stops at `/` or
 * `?`, skips tabs and reads `１.２` as an IPv4 address. So only names without any of that reach it,
 * and of its answer only the labels that were not ASCII are used.
 */
function toALabels(text: string): string | undefined {
  if (text.length > maxName) return undefined
  const star = text.startsWith('*.') ? '*.' : ''
  const rest = text.slice(star.length)
  if (/[^\u0080-\u{10ffff}A-Za-z0-9.-]/u.test(rest) || ignorable.test(rest)) return undefined
  const written = rest.split(dots)
  const converted = domainToASCII(rest).split('.')
  if (converted.length !== written.length) return undefined
  const labels = written.map((part, i) => (isAscii(part) ? part : (converted[i] ?? '')))
  // A label that maps to plain ASCII is another name than the one that was written: \uff0a is no wildcard, \u2460 no 1.
  if (written.some((part, i) => !isAscii(part) && !labels[i]?.startsWith('xn--'))) return undefined
  return star + labels.join('.')
}

function checkLabels(labels: string[]): string | undefined {
  for (const part of labels) {
    const fault = checkLabel(part)
    if (fault !== undefined) return fault
  }
  if (number.test(labels.at(-1) ?? '')) {
    return 'has a number as its last label, as an IP address has; a host name with letters there is needed'
  }
  return undefined
}

function checkLabel(part: string): string | undefined {
  if (part === '') return 'has an empty label; one dot between two labels is allowed'
  if (part.includes('*')) {
    return 'has a * that is not alone in front; one leading "*." is all that is allowed'
  }
  if (!label.test(part)) return `has the label ${quoted(part)} ${whyNoLabel(part)}`
  if (/^xn--/i.test(part) && !isALabel(part)) {
    return `has the label ${quoted(part)}, which does not decode; a valid A-label is needed after xn--`
  }
  return undefined
}

function whyNoLabel(part: string): string {
  const strange = part.match(/[^A-Za-z0-9-]/)?.[0]
  if (strange !== undefined) {
    return `with the character ${quoted(strange)}; letters, digits and hyphens are allowed`
  }
  if (part.length > 63) return `of ${part.length} characters; at most 63 are allowed`
  return 'with a hyphen at its start or end; a letter or a digit is needed there'
}

// domainToASCII lets an ASCII "xn--" label pass unread: the way there and back shows a valid one.
function isALabel(part: string): boolean {
  const lower = part.toLowerCase()
  const decoded = domainToUnicode(lower)
  return !isAscii(decoded) && domainToASCII(decoded) === lower
}

// "*.co.uk" would speak for a whole registry (CA/B Baseline Requirements section 3.2.2.6).
function checkWildcardPlace(base: string): string | undefined {
  // The list has wildcards of its own: every name below kawasaki.jp is a public suffix.
  const below = `a.${base.toLowerCase()}`
  const isSuffix = publicSuffixOf(base.toLowerCase()) === base.toLowerCase()
  if (!isSuffix && publicSuffixOf(below) !== below) return undefined
  return `has a * in front of the public suffix ${quoted(base)}; a name below one, such as *.example.com, is needed`
}

function checkLabelCount(count: number, min: number, starred: boolean): string | undefined {
  if (count >= min) return undefined
  const where = starred ? ' after "*."' : ''
  return `has ${count} ${count === 1 ? 'label' : 'labels'}${where}; at least ${min} are needed, such as host.example.com`
}
