import { describe, expect, it } from 'vitest'
import { publicDnsFault } from '../../src/lint/profiles/public-dns-name.ts'
import { isReservedAddress } from '../../src/lint/profiles/reserved-addresses.ts'

describe('publicDnsFault', () => {
  it.each([
    'example.com',
    'www.example.co.uk',
    '*.Example.COM',
    'xn--bcher-kva.example.com',
    'a-b--c.example.com',
    `${'a'.repeat(56)}.onion`,
    `www.${'b2'.repeat(28)}.onion`,
    'city.kawasaki.jp',
    'my-site.github.io',
  ])('lets %s pass', (name) => {
    expect(publicDnsFault(name)).toBeUndefined()
  })

  it.each([
    ['internal', 'printer'],
    ['internal', 'localhost'],
    ['internal', 'printer.local'],
    ['internal', '*.corp.internal'],
    ['internal', 'a.test'],
    ['internal', 'a.example'],
    ['internal', 'a.localhost'],
    ['internal', 'a.invalid'],
    ['internal', 'a.lan'],
    ['internal', 'a.alt'],
    ['internal', 'nas.home.arpa'],
    ['internal', 'as112.arpa'],
    ['reverse_zone', '4.3.2.1.IN-ADDR.arpa'],
    ['reverse_zone', '*.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['public_suffix', 'com'],
    ['public_suffix', 'CO.uk'],
    ['onion', 'onion'],
    ['onion', 'abcdefghijklmnop.onion'],
    ['onion', `${'a'.repeat(55)}1.onion`],
    ['reserved_label', 'ab--cd.example.com'],
  ])('finds %s in %s', (kind, name) => {
    expect(publicDnsFault(name)?.kind).toBe(kind)
  })

  it.each(['', '*.com', 'a_b.example.com', '192.0.2.1', 'a..example.com', 'ü.example.com'])(
    'leaves "%s" to the rules of every dNSName',
    (name) => {
      expect(publicDnsFault(name)).toBeUndefined()
    },
  )
})

describe('isReservedAddress', () => {
  it.each([
    ['0.0.0.1', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '169.254.1.1'],
    ['172.16.0.1', '172.31.255.255', '192.0.0.9', '192.0.2.1', '192.88.99.1', '192.168.1.1'],
    ['198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ['::', '::1', '::ffff:8.8.8.8', '64:ff9b::808:808', '100::1', '2001::1', '2001:10::1'],
    ['2001:db8::1', '2002:808:808::1', '3fff::1', '5f00::1', 'fc00::1', 'fd12::1', 'fe80::1'],
    ['ff02::1', '2620:4f:8000::1'],
  ])('has %s and its like', (...addresses) => {
    expect(addresses.filter((address) => !isReservedAddress(address))).toEqual([])
  })

  it('has no public address, and nothing that is no address', () => {
    const others = [
      ...['1.1.1.1', '8.8.8.8', '11.0.0.1', '100.63.255.255', '100.128.0.0', '172.15.0.1'],
      ...['172.32.0.1', '192.0.3.1', '193.0.0.1', '198.20.0.1', '203.0.114.1', '223.255.255.255'],
      ...['2001:200::1', '2001:4860:4860::8888', '2606:4700::1111', '2a00::1', '64:ff9c::1'],
      ...['', 'example.com', '8.8.8.8/24'],
    ]
    expect(others.filter(isReservedAddress)).toEqual([])
  })
})
