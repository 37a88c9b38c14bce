import { describe, expect, test } from 'vitest'
import { networkOf } from '../../src/authentication/client-address.ts'
import { readConfig } from '../../src/config.ts'
import { withApi } from '../with-api.ts'

const api = withApi({ trustedProxies: ['192.0.2.0/24', '2001:db8::/64'] })

async function loggedAddress(peer: string, headers: Record<string, string>): Promise<string> {
  const response = await api.call('/healthz', { headers }, peer)
  const id = response.headers.get('x-request-id') ?? 'none'
  const line = api
    .logged()
    .split('\n')
    .find((one) => one.includes(id))
  return JSON.parse(line ?? '{}').remote
}

describe('the address of a call', () => {
  test.each([
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['192.0.2.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:192.0.2.1', '198.51.100.1', '198.51.100.1'],
    ['2001:db8::5', '2001:db8:1::9', '2001:db8:1::9'],
    // Only what the trusted ones have added counts: the rest comes from the client.
    ['192.0.2.1', '10.0.0.1, 198.51.100.1, 192.0.2.7', '198.51.100.1'],
    // Some proxies add the port.
    ['192.0.2.1', '198.51.100.1:5678', '198.51.100.1'],
    ['192.0.2.1', '10.0.0.1:1, 198.51.100.1:5678, 192.0.2.7:443', '198.51.100.1'],
    ['192.0.2.1', '[2001:db8:1::9]:443', '2001:db8:1::9'],
    ['192.0.2.1', '[::ffff:198.51.100.1]', '198.51.100.1'],
    ['192.0.2.1', '198.51.100.1:x', '192.0.2.1'],
    ['192.0.2.1', 'rubbish"}', '192.0.2.1'],
    ['192.0.2.1', '', '192.0.2.1'],
    ['::ffff:203.0.113.9', '', '203.0.113.9'],
  ])('of %s that says it is for "%s" is %s', async (peer, forwarded, address) => {
    const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded } : {}
    expect(await loggedAddress(peer, headers)).toBe(address)
  })

  test('is a /64 of IPv6 to what counts by address', () => {
    expect(networkOf('2001:db8:0:7::1')).toBe('2001:db8:0:7::/64')
    expect(networkOf('2001:0db8::7:1:2:3:4')).toBe('2001:db8:0:7::/64')
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
    expect(networkOf('')).toBe('')
  })
})

describe('the host that a page of the service itself is on', () => {
  const post = async (peer: string, headers: Record<string, string>) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    return (await api.call('/certificateSigningRequest', { ...init, body: '{}' }, peer)).status
  }
  const origin = 'https://csr.example.com'

  test('is what a trusted proxy says', async () => {
    const headers = { origin, 'x-forwarded-host': 'csr.example.com', 'x-forwarded-proto': 'https' }
    expect(await post('192.0.2.1', headers)).toBe(200)
    expect(await post('192.0.2.1', { ...headers, origin: 'https://evil.example' })).toBe(403)
    expect(await post('192.0.2.1', { origin: 'http://localhost' })).toBe(200)
  })

  test('is not what anybody else says', async () => {
    expect(await post('203.0.113.9', { origin, 'x-forwarded-host': 'csr.example.com' })).toBe(403)
  })
})

test('TRUSTED_PROXIES takes addresses and CIDRs, and names every other fault beside its own', () => {
  const read = (more: object) => () => readConfig({ REDIS_URL: 'redis://x', ...more })
  const { trustedProxies } = read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' })()
  expect(['10.9.9.9', '::1', '11.0.0.1', 'x', ''].map(trustedProxies)).toEqual([
    ...[true, true, false, false, false],
  ])
  expect(read({})().trustedProxies('127.0.0.1')).toBe(false)
  for (const wrong of ['10.0.0.0/33', 'proxy.example.com', '0.0.0.0/0', '10.0.0.1;10.0.0.2']) {
    const both = { TRUSTED_PROXIES: wrong, WRITES_PER_MINUTE: '-1', ADMIN_TOKEN: 'short' }
    expect(read(both), wrong).toThrow(
      /ADMIN_TOKEN: must be 32 .*TRUSTED_PROXIES: must be IP .*WRITES_PER_MINUTE: must be/s,
    )
  }
})
