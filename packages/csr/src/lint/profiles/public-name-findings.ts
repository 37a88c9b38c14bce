import type { FindingKind } from '../finding.ts'

const br = (sections: string) => `CA/B Baseline Requirements ${sections}`

/** What keeps a name out of the certificates of publicly trusted CAs, whichever they are. */
export const publicNameFindings = {
  public_name_internal: {
    severity: 'error',
    source: br('4.2.2 and 7.1.2.7.12'),
    rule: 'A dNSName ends in a public suffix: it is no internal and no special-use name.',
  },
  public_name_reverse_zone: {
    severity: 'error',
    source: br('4.2.2 and 7.1.2.7.12'),
    rule: 'A dNSName does not end in in-addr.arpa or ip6.arpa.',
  },
  public_name_onion: {
    severity: 'error',
    source: br('appendix B'),
    rule: 'A dNSName that ends in .onion has a version 3 onion address.',
  },
  public_name_reserved_label: {
    severity: 'error',
    source: `${br('7.1.2.7.12')}, RFC 5890 section 2.3.1`,
    rule: 'A label has hyphens in places 3 and 4 only where it starts with xn--.',
  },
  public_name_ip_reserved: {
    severity: 'error',
    source: br('1.6.1, 4.2.2 and 7.1.2.7.12'),
    rule: "An iPAddress is in none of IANA's special-purpose registries and no multicast address.",
  },
} as const satisfies Record<string, FindingKind>
