import { expect, it } from 'vitest'
import { parseUri } from '../../src/index.ts'

it.each([
  'https://example.com',
  'https://example.com/',
  'HTTPS://Example.com:8443/a/b;c=d?e=f&g=/?#h',
  'https://192.0.2.1/x',
  'https://[2001:db8::1]:443/',
  'spiffe://cluster.local/ns/default/sa/web',
  'ldap://user:pa%20ss@example.com/CN=x,O=y?cert',
  'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  'tag:example.com,2024:x',
  'a:b',
])('a URI: %s', (text) => {
  expect(parseUri(text)).toEqual({ ok: true, value: text })
})

it.each([
  ['', /no scheme/],
  ['example.com', /no scheme/],
  ['//example.com/', /no scheme/],
  ['/path', /no scheme/],
  ['1a:b', /no scheme/],
  ['https:', /nothing after its scheme/],
  ['https://', /no host/],
  ['file:///etc/hosts', /no host/],
  ['https://a_b/', /a host that has the label/],
  ['https://*.example.com/', /a host that/],
  ['https://10.0.0.256/', /a host that/],
  ['https://example.com:65536/', /port above 65535/],
  ['https://example.com:x/', /authority/],
  ['https://[::1/', /authority/],
  ['https://[v1.x]/', /brackets/],
  ['https://[192.0.2.1]/', /brackets/],
  ['https://[fe80::1%25eth0]/', /brackets/],
  ['https://us er@example.com/', /before the @/],
  ['https://a@b@example.com/', /a host that/],
  ['https://example.com/a b', /character/],
  ['https://example.com/%4', /character/],
  ['https://example.com/<x>', /character/],
  ['https://example.com/#a#b', /character/],
  ['https://example.com/\n', /character/],
  ['https://münchen.de/', /not ASCII/],
])('no URI: %j', (text, message) => {
  expect(parseUri(text)).toEqual({ ok: false, message: expect.stringMatching(message) })
})
