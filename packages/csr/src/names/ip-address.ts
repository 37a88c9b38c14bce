import { isIP } from 'node:net'
import { type Parsed, parseAsIs } from '../parsed.ts'

/**
 * Whether a text is one IPv4 or IPv6 address: no zone, no prefix length, no leading zeros in
 * IPv4.
 *
 * @example
 * ```ts
 * isIpAddress('2001:db8::10') // => true
 * isIpAddress('fe80::1%eth0') // => false
 * ```
 */
export function isIpAddress(text: string): boolean {
  // isIP takes zones ("fe80::1%eth0"), for which an iPAddress has no place.
  return isIP(text) !== 0 && !text.includes('%')
}

/**
 * Says why a text is not an IP address that fits an iPAddress (RFC 5280 section 4.2.1.6).
 *
 * @example
 * ```ts
 * checkIpAddress('192.0.2.10') // => undefined
 * checkIpAddress('192.0.2.0/24') // => 'has a prefix length; a single IP address is needed, not a network'
 * ```
 */
export function checkIpAddress(text: string): string | undefined {
  if (isIpAddress(text)) return undefined
  if (text.includes('%')) return 'has a zone; an IP address without one is needed'
  if (text.includes('/')) {
    return 'has a prefix length; a single IP address is needed, not a network'
  }
  if (/^[\d.]+$/.test(text)) {
    return 'is not an IPv4 address; four numbers from 0 to 255 without leading zeros are needed, such as 192.0.2.10'
  }
  return 'is not an IP address; one such as 192.0.2.10 or 2001:db8::10 is needed'
}

/**
 * Takes an IP address as it is written (its octets are what the CSR holds), or says why it is
 * none.
 *
 * @example
 * ```ts
 * parseIpAddress('2001:DB8::A') // => { ok: true, value: '2001:DB8::A' }
 * ```
 */
export function parseIpAddress(text: string): Parsed<string> {
  return parseAsIs(text, checkIpAddress)
}

/**
 * The 4 or 16 octets of an iPAddress, or undefined if the text is no address. An IPv4-mapped IPv6
 * address keeps its 16.
 */
export function ipAddressOctets(text: string): Buffer | undefined {
  if (!isIpAddress(text)) return undefined
  return text.includes(':') ? ipv6Octets(text) : Buffer.from(text.split('.').map(Number))
}

/**
 * The text of 4 or 16 octets, IPv6 in its compressed form (RFC 5952); undefined for other
 * lengths.
 */
export function ipAddressText(octets: Buffer): string | undefined {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) return undefined
  const groups = octets.toString('hex').match(/.{4}/g) ?? []
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function ipv6Octets(text: string): Buffer {
  const [head = '', tail] = text.replace(/[\d.]+$/, dottedToGroups).split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = new Array<number>(8 - before.length - after.length).fill(0)
  const octets = Buffer.alloc(16)
  for (const [i, group] of [...before, ...zeros, ...after].entries()) {
    octets.writeUInt16BE(group, i * 2)
  }
  return octets
}

function dottedToGroups(tail: string): string {
  if (!tail.includes('.')) return tail
  const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
