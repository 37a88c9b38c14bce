import { describe, expect, it } from 'vitest'
import { isReservedAddress } from '../../../src/lint/profiles/reserved-addresses.ts'

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
