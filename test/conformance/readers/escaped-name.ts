/** An attribute of a printed name: `value` without its escapes, or `der` where `#` came before hex. */
export type EscapedAttribute = { type: string; value: string } | { type: string; der: string }

/**
 * Reads a name printed in the form of RFC 2253 or 4514, in the order in which it is printed: its
 * RDNs and their attributes.
 */
export function readEscapedName(printed: string): EscapedAttribute[][] {
  const rdns: EscapedAttribute[][] = []
  let rdn: EscapedAttribute[] = []
  for (const [, attribute = '', separator] of printed.matchAll(piece)) {
    if (attribute === '') continue
    rdn.push(readAttribute(attribute))
    if (separator === '+') continue
    rdns.push(rdn)
    rdn = []
  }
  return rdns
}

const piece = /((?:\\.|[^\\,+])*)([,+]|$)/gs

function readAttribute(attribute: string): EscapedAttribute {
  const [, type = '', value = ''] = /^([^=]*)=(.*)$/s.exec(attribute) ?? []
  // OpenSSL says the string type between the two: `2.5.4.3=UTF8STRING:#0c0161`.
  const [, dumped] = /^(?:[A-Z0-9 ]+:)?#([0-9A-Fa-f]+)$/.exec(value) ?? []
  return dumped === undefined
    ? { type, value: unescaped(value) }
    : { type, der: dumped.toLowerCase() }
}

/** A run of `\C3\9F` is UTF-8; a character of its own may come after a backslash too. */
function unescaped(value: string): string {
  return value.replace(
    /((?:\\[0-9A-Fa-f]{2})+)|\\(.)/gs,
    (_, octets?: string, character?: string) =>
      octets === undefined
        ? (character ?? '')
        : Buffer.from(octets.replaceAll('\\', ''), 'hex').toString('utf8'),
  )
}
