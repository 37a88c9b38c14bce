import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

const read = (more: object) => readConfig({ REDIS_URL: 'redis://localhost', ...more })

test.each([
  [
    'on one of the two files of TLS alone',
    { TLS_CERT_FILE: 'a' },
    /TLS_CERT_FILE, TLS_KEY_FILE: set both/,
  ],
  ['on plain HTTP beyond this machine', { HOST: '0.0.0.0' }, /HOST: 0\.0\.0\.0 .* TLS_CERT_FILE/],
])('does not start %s', (_, environment, told) => {
  expect(() => read(environment)).toThrow(told)
})

test('plain HTTP is served on loopback, and beyond it where that is asked for', () => {
  expect(read({}).tls).toBeUndefined()
  expect(read({ HOST: '::1' }).tls).toBeUndefined()
  expect(read({ HOST: '0.0.0.0', ALLOW_PLAIN_HTTP: 'true' }).tls).toBeUndefined()
})
