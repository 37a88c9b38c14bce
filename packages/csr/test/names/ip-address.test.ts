import { describe, expect, it } from 'vitest'
import { isIpAddress, parseIpAddress } from '../../src/index.ts'
import { ipAddressOctets, ipAddressText } from '../../src/names/ip-address.ts'

describe('an IP address', () => {
  it.each([
    ['0.0.0.0', '00000000'],
    ['192.0.2.10', 'c000020a'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:DB8::A', '20010db800000000000000000000000a'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['fe80::', 'fe800000000000000000000000000000'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
    ['1:2:3:4:5:6:1.2.3.4', '00010002000300040005000601020304'],
  ])('%s has the octets %s and is kept as written', (text, octets) => {
    expect(parseIpAddress(text)).toEqual({ ok: true, value: text })
    expect(ipAddressOctets(text)?.toString('hex')).toBe(octets)
    expect(ipAddressOctets(ipAddressText(Buffer.from(octets, 'hex')) ?? '')?.toString('hex')).toBe(
      octets,
    )
  })

  it.each([
    ['010.0.0.1', /without leading zeros/],
    ['10.0.0.256', /0 to 255/],
    ['10.0.0', /four numbers/],
    ['1', /four numbers/],
    ['10.0.0.0/8', /prefix length/],
    ['2001:db8::/32', /prefix length/],
    ['fe80::1%eth0', /zone/],
    ['1::2::3', /is not an IP address/],
    ['00001::', /is not an IP address/],
    ['[::1]', /is not an IP address/],
    ['0x7f.0.0.1', /is not an IP address/],
    [' 10.0.0.1', /is not an IP address/],
    ['10.0.0.1\n', /is not an IP address/],
    ['::ffff:01.2.3.4', /is not an IP address/],
    ['', /is not an IP address/],
    ['example.com', /is not an IP address/],
  ])('%j is none', (text, message) => {
    expect(parseIpAddress(text)).toEqual({ ok: false, message: expect.stringMatching(message) })
    expect(isIpAddress(text)).toBe(false)
    expect(ipAddressOctets(text)).toBeUndefined()
  })
})
