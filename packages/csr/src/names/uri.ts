import { isAscii } from '../character-rules.ts'
import { type Parsed, parseAsIs } from '../parsed.ts'
import { checkDnsName } from './dns-name.ts'
import { isIpAddress } from './ip-address.ts'

const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/
const authorityForm = /^(?<userinfo>[^@]*@)?(?<host>\[[^\]]*\]|[^:[\]]*)(?<port>:\d*)?$/
const userinfoForm = /^([A-Za-z0-9\-._~!$&'()*+,;=:]|%[\dA-Fa-f]{2})*@$/
// Path, query and fragment: pchar, "/" and "?", one "#" at most.
const restForm =
  /^([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[\dA-Fa-f]{2})*(#([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[\dA-Fa-f]{2})*)?$/

/**
 * Whether a text is a uniformResourceIdentifier (RFC 5280 section 4.2.1.6, RFC 3986): absolute,
 * ASCII, with something after its scheme, and with a host name or IP address where it has an
 * authority.
 *
 * @example
 * ```ts
 * checkUri('spiffe://example.com/rack/12') // => undefined
 * checkUri('/rack/12') // => 'has no scheme; an absolute URI is needed, such as https://example.com/'
 * ```
 */
export function checkUri(text: string): string | undefined {
  if (!isAscii(text)) return 'is not ASCII; a URI in percent-encoding is needed'
  const start = text.match(scheme)?.[0]
  if (start === undefined) {
    return 'has no scheme; an absolute URI is needed, such as https://example.com/'
  }
  const afterScheme = text.slice(start.length)
  if (afterScheme === '') return 'has nothing after its scheme; an absolute URI is needed'
  if (!afterScheme.startsWith('//')) return checkRest(afterScheme)
  const end = afterScheme.slice(2).search(/[/?#]/)
  const authority = end < 0 ? afterScheme.slice(2) : afterScheme.slice(2, 2 + end)
  return checkAuthority(authority) ?? checkRest(afterScheme.slice(2 + authority.length))
}

/**
 * Takes an absolute URI as it is, or says why it is none.
 *
 * @example
 * ```ts
 * parseUri('https://example.com/a') // => { ok: true, value: 'https://example.com/a' }
 * ```
 */
export function parseUri(text: string): Parsed<string> {
  return parseAsIs(text, checkUri)
}

function checkAuthority(authority: string): string | undefined {
  const parts = authority.match(authorityForm)?.groups
  if (parts === undefined) return 'has an authority that is not a host, or a host and a port'
  const { userinfo = '@', host = '', port = ':' } = parts
  if (host === '') return 'has no host after //; a host name or an IP address is needed there'
  if (!userinfoForm.test(userinfo)) return 'has characters before the @ that a URI does not allow'
  if (Number(port.slice(1)) > 65535) return 'has a port above 65535; 0 to 65535 is allowed'
  return checkHost(host)
}

function checkHost(host: string): string | undefined {
  if (host.startsWith('[')) {
    const address = host.slice(1, -1)
    if (address.includes(':') && isIpAddress(address)) return undefined
    return 'has a host in brackets that is not an IPv6 address; one such as [2001:db8::10] is needed'
  }
  if (isIpAddress(host)) return undefined
  const fault = checkDnsName(host, { wildcard: false })
  return fault === undefined ? undefined : `has a host that ${fault}`
}

function checkRest(rest: string): string | undefined {
  if (restForm.test(rest)) return undefined
  return 'has a character that a URI does not allow; write others as % and two hexadecimal digits'
}
