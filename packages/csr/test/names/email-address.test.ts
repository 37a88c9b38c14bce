import { expect, it } from 'vitest'
import { parseEmailAddress } from '../../src/index.ts'

it.each([
  'ops@example.com',
  "a.b+c_d-e!#$%&'*/=?^`{|}~@Example.COM",
  'root@localhost',
  `${'a'.repeat(64)}@example.com`,
])('a mailbox: %s', (text) => {
  expect(parseEmailAddress(text)).toEqual({ ok: true, value: text })
})

it.each([
  ['', /local@domain/],
  ['ops', /local@domain/],
  ['@example.com', /local@domain/],
  ['ops@', /a domain that is empty/],
  ['a@b@example.com', /before the @/],
  ['.a@example.com', /before the @/],
  ['a..b@example.com', /before the @/],
  ['a b@example.com', /before the @/],
  ['"a b"@example.com', /before the @/],
  ['Ops <ops@example.com>', /before the @/],
  ['ops@*.example.com', /a domain that/],
  ['ops@[192.0.2.1]', /a domain that/],
  ['ops@192.0.2.1', /a domain that/],
  ['ops@a_b.com', /a domain that/],
  ['ops@example.com.', /a domain that ends with a dot/],
  ['ops@example.com\n', /a domain that/],
  ['jörg@example.com', /not ASCII/],
  [`${'a'.repeat(65)}@example.com`, /has 65 characters before the @/],
  [
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.example.com`,
    /has \d+ characters; at most 254/,
  ],
])('no mailbox: %j', (text, message) => {
  expect(parseEmailAddress(text)).toEqual({ ok: false, message: expect.stringMatching(message) })
})
