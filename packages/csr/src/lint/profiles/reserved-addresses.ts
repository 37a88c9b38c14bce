import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * IANA's special-purpose registries (iana-ipv4-special-registry, iana-ipv6-special-registry), every
 * entry whatever its columns say: that is what the Baseline Requirements call reserved. Networks
 * within a larger one of the list are left out. Multicast, which has registries of its own, is
 * nobody's address either.
 */
const ipv4Networks = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
  198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`

const ipv6Networks = `
  ::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
  2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8`

// Two lists: to a BlockList every IPv4 address is within ::ffff:0:0/96.
const reservedIpv4 = blockListOf(ipv4Networks, 'ipv4')
const reservedIpv6 = blockListOf(ipv6Networks, 'ipv6')

/**
 * Whether an IP address is one that no public CA may certify (CA/B Baseline Requirements 4.2.2):
 * private, loopback, multicast, or reserved for some other purpose.
 *
 * @example
 * ```ts
 * isReservedAddress('192.168.1.1') // => true
 * isReservedAddress('2606:4700::1111') // => false
 * ```
 */
export function isReservedAddress(address: string): boolean {
  if (isIPv4(address)) return reservedIpv4.check(address, 'ipv4')
  return isIPv6(address) && reservedIpv6.check(address, 'ipv6')
}

function blockListOf(networks: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks.trim().split(/\s+/)) {
    const [address = '', length] = network.split('/')
    list.addSubnet(address, Number(length), family)
  }
  return list
}
