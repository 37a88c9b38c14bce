import { quoted } from '../../character-rules.ts'
import { checkDnsName, publicSuffixOf } from '../../names/dns-name.ts'

/** What can keep a host name out of a publicly trusted certificate. */
type PublicDnsFault = 'reverse_zone' | 'internal' | 'public_suffix' | 'onion' | 'reserved_label'

type NameParts = { base: string; labels: string[] }

const reverseZones = ['in-addr.arpa', 'ip6.arpa']
// RFC 3172: the infrastructure of the DNS, and with home.arpa (RFC 8375) everybody's home.
const infrastructureZone = 'arpa'
// Tor's rend-spec-v3 section 6: 35 octets in base32.
const onionAddress = /^[a-z2-7]{56}$/

/** In this order: the first that holds is the one that is reported. */
const rules: readonly [PublicDnsFault, (parts: NameParts) => string | undefined][] = [
  [
    'reserved_label',
    ({ labels }) => {
      const label = labels.find((one) => one.slice(2, 4) === '--' && !one.startsWith('xn--'))
      return label && `has the label ${quoted(label)}; hyphens in places 3 and 4 are for xn-- only`
    },
  ],
  [
    'onion',
    ({ labels }) => {
      if (labels.at(-1) !== 'onion' || onionAddress.test(labels.at(-2) ?? '')) return undefined
      return 'ends in .onion; a version 3 onion address, 56 characters, is needed before that'
    },
  ],
  [
    'reverse_zone',
    ({ base }) =>
      reverseZones.some((zone) => isWithin(base, zone))
        ? 'is in the zone of reverse look-ups; an iPAddress is what names an address'
        : undefined,
  ],
  [
    'internal',
    ({ base }) => {
      if (publicSuffixOf(base) !== undefined && !isWithin(base, infrastructureZone))
        return undefined
      return 'is not a name of the public DNS; one that ends in a public suffix is needed'
    },
  ],
  [
    'public_suffix',
    ({ base }) =>
      publicSuffixOf(base) === base
        ? 'is a public suffix, under which others have names; a name below it is needed'
        : undefined,
  ],
]

/**
 * What keeps a dNSName out of a publicly trusted certificate, and the end of a sentence about it.
 * A name that is no host name at all, a wildcard of a whole public suffix among them, has its
 * finding from the standards and none here.
 */
export function publicDnsFault(name: string): { kind: PublicDnsFault; fault: string } | undefined {
  if (checkDnsName(name) !== undefined) return undefined
  const base = baseOf(name)
  const parts = { base, labels: base.split('.') }
  for (const [kind, rule] of rules) {
    const fault = rule(parts)
    if (fault !== undefined) return { kind, fault }
  }
  return undefined
}

/** A host name in lower case, without a leading `*.`. */
export function baseOf(name: string): string {
  const lower = name.toLowerCase()
  return lower.startsWith('*.') ? lower.slice(2) : lower
}

function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}
