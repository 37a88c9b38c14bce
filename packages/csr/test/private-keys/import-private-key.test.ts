import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { integer, nullValue, octetString, oid, sequence, tagged } from '../../src/der/der-writer.ts'
import { exportPrivateKey } from '../../src/keys/export-private-key.ts'
import { keyAlgorithmNames, keyAlgorithms } from '../../src/keys/key-algorithms.ts'
import { importPrivateKey } from '../../src/private-keys/import-private-key.ts'
import { PrivateKeyError } from '../../src/private-keys/private-key-error.ts'
import { testRsaPem } from '../keys/key-material.ts'
import { hex, tlv } from '../tlv.ts'

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey

const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'der' })
const sec1 = (key: KeyObject) => key.export({ type: 'sec1', format: 'der' })
const spkiOfKey = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' })
const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`
const wrapped = (algorithm: Buffer[], key: Buffer, ...more: Buffer[]) =>
  sequence([integer(more.length), sequence(algorithm), octetString(key), ...more])

/** The error that importing ends with. */
async function refused(input: Buffer | string, password?: string): Promise<PrivateKeyError> {
  const error = await importPrivateKey(input, { password }).then(
    () => new Error('it was taken'),
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(PrivateKeyError)
  expect(error.cause).toBeUndefined()
  return error
}

it('no octet of a key that is no DER inside is in a message', async () => {
  const messages = new Set<string>()
  for (let octet = 0; octet < 256; octet++) {
    const seed = Buffer.concat([Buffer.of(0x04, octet), Buffer.alloc(30, 0x55)])
    const edOid = oid('1.3.101.112')
    messages.add((await refused(wrapped([edOid], seed))).message)
  }
  // 256 keys, and what is said of them says which of a few things is wrong.
  expect(messages.size).toBeLessThan(5)
})

describe('keys that are taken', () => {
  it.each(keyAlgorithmNames.filter((name) => !name.startsWith('rsa')))('%s', async (name) => {
    const key = await keyAlgorithms[name].generate()
    for (const input of [exportPrivateKey(key), pkcs8(key.privateKey)]) {
      const before = Buffer.from(input)
      const imported = await importPrivateKey(input)
      expect(imported).toMatchObject({ algorithm: name, spki: key.spki })
      expect(exportPrivateKey(imported)).toEqual(exportPrivateKey(key))
      expect(input, 'the caller’s buffer is left alone').toEqual(before)
    }
  })

  it.each([2048, 3072, 4096] as const)(
    'rsa-%i, as PKCS #8 and PKCS #1, PEM and DER',
    async (bits) => {
      const key = createPrivateKey(testRsaPem(bits))
      const pkcs1 = key.export({ type: 'pkcs1', format: 'der' })
      const forms = [
        testRsaPem(bits),
        pkcs1,
        pem('RSA PRIVATE KEY', pkcs1),
        Buffer.from(testRsaPem(bits)),
      ]
      for (const input of bits === 2048 ? forms : forms.slice(0, 1)) {
        const imported = await importPrivateKey(input)
        expect(imported).toMatchObject({ algorithm: `rsa-${bits}`, spki: spkiOfKey(key) })
      }
    },
  )

  it('EC with its point compressed or in the hybrid form, as OpenSSL can write it', async () => {
    const point = spkiOfKey(p256).subarray(-65)
    const odd = (point.at(-1) ?? 0) & 1
    const compressed = Buffer.concat([Buffer.of(2 | odd), point.subarray(1, 33)])
    const hybrid = Buffer.concat([Buffer.of(6 | odd), point.subarray(1)])
    const other = Buffer.concat([Buffer.of(3 ^ odd), point.subarray(1, 33)])
    const withPoint = (octets: Buffer) =>
      sequence([
        integer(1),
        octetString(sec1(p256).subarray(7, 39)),
        tagged(0, [oid('1.2.840.10045.3.1.7')]),
        tagged(1, [tlv(0x03, Buffer.of(0), octets)]),
      ])
    for (const octets of [compressed, hybrid]) {
      const imported = await importPrivateKey(withPoint(octets))
      expect(imported.spki).toEqual(spkiOfKey(p256))
    }
    expect((await refused(withPoint(other))).code).toBe('inconsistent_key')
  })

  it('PEM in a buffer with text before it that starts like DER', async () => {
    const key = await importPrivateKey(Buffer.from(`0. The key:\n${pem('PRIVATE KEY', pkcs8(ed))}`))
    expect(key.algorithm).toBe('ed25519')
  })

  it('SEC 1: with its curve inside, or named in a block before it, with or without its point', async () => {
    const der = sec1(p256)
    const scalar = der.subarray(7, 39)
    const bare = sequence([integer(1), octetString(scalar)])
    const curve = oid('1.2.840.10045.3.1.7')
    const named = sequence([integer(1), octetString(scalar), tagged(0, [curve])])
    const block = pem('EC PARAMETERS', curve)
    const inputs = [der, named, pem('EC PRIVATE KEY', der), block + pem('EC PRIVATE KEY', der)]
    for (const input of [...inputs, block + pem('EC PRIVATE KEY', bare)]) {
      const imported = await importPrivateKey(input)
      expect(imported).toMatchObject({ algorithm: 'ecdsa-p256', spki: spkiOfKey(p256) })
    }
  })

  it('RFC 8410 section 10.3: without and with attributes and the public key', async () => {
    const spki = Buffer.from(
      'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
      'base64',
    )
    const inputs = [
      'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC',
      'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
    ]
    for (const base64 of inputs) {
      const input = pem('PRIVATE KEY', Buffer.from(base64, 'base64'))
      expect(await importPrivateKey(input)).toMatchObject({ algorithm: 'ed25519', spki })
    }
  })

  it('text around a PEM block, and lines that end with CR LF', async () => {
    const text = `Bag Attributes\n  friendlyName: a\n${pem('PRIVATE KEY', pkcs8(ed))}`
    expect((await importPrivateKey(text.replaceAll('\n', '\r\n'))).algorithm).toBe('ed25519')
  })
})

describe('what is not one private key', () => {
  const key = pem('PRIVATE KEY', pkcs8(ed))
  const spki = spkiOfKey(ed)

  it.each<[string, string | Buffer, string, RegExp]>([
    ['nothing', '', 'malformed_pem', /no private key/],
    ['some text', 'hello', 'malformed_pem', /no private key/],
    ['a block without its end', key.slice(0, -20), 'malformed_pem', /without its end/],
    ['no base64', key.replace(/\nM/, '\n!'), 'malformed_pem', /not base64/],
    [
      'base64 with a bit too many',
      pem('PRIVATE KEY', Buffer.alloc(1)).replace('AA==', 'AB=='),
      'malformed_pem',
      /not base64/,
    ],
    ['two keys', key + key, 'unsupported_form', /2 blocks \(a private key\)/],
    [
      'a key and a certificate',
      key + pem('CERTIFICATE', spki),
      'unsupported_form',
      /a private key, a certificate/,
    ],
    [
      'a certificate',
      pem('CERTIFICATE', spki),
      'unsupported_form',
      /holds a certificate; one private key is needed/,
    ],
    ['a CSR', pem('CERTIFICATE REQUEST', spki), 'unsupported_form', /holds a CSR/],
    ['a public key', pem('PUBLIC KEY', spki), 'unsupported_form', /holds a public key/],
    ['a label of a stranger’s', pem('X<script>', spki), 'unsupported_form', /holds something else/],
    [
      'a label that objects have',
      pem('constructor', spki),
      'unsupported_form',
      /holds something else/,
    ],
    ['curve parameters alone', pem('EC PARAMETERS', spki), 'malformed_pem', /no private key/],
    [
      'curve parameters before PKCS #8',
      pem('EC PARAMETERS', spki) + key,
      'unsupported_form',
      /a private key/,
    ],
    [
      'OpenSSH’s form',
      pem('OPENSSH PRIVATE KEY', spki),
      'unsupported_form',
      /ssh-keygen -p -m PKCS8/,
    ],
    [
      'traditional encryption',
      key.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n'),
      'unsupported_form',
      /openssl pkcs8 -topk8 -v2 aes-256-cbc/,
    ],
    ['another label than its content', pem('RSA PRIVATE KEY', pkcs8(ed)), 'malformed_der', /label/],
    ['a public key as DER', spki, 'unsupported_form', /public key/],
    [
      'PKCS #12',
      sequence([integer(3), sequence([oid('1.2.840.113549.1.7.1')])]),
      'unsupported_form',
      /openssl pkcs12/,
    ],
    ['another structure', sequence([nullValue]), 'malformed_der', /no private key/],
    ['bytes after the end', Buffer.concat([pkcs8(ed), Buffer.of(0)]), 'malformed_der', /after/],
    ['more than 32 KiB', 'A'.repeat(40_000), 'too_large', /32768/],
  ])('%s', async (_, input, code, message) => {
    const error = await refused(input)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })
})

describe('PKCS #8', () => {
  const edKey = pkcs8(ed).subarray(14)
  const edOid = oid('1.3.101.112')
  const point = spkiOfKey(ed).subarray(11)

  it.each<[string, Buffer, string]>([
    [
      'another version',
      sequence([integer(2), sequence([edOid]), octetString(edKey)]),
      'malformed_der',
    ],
    [
      'version 0 with a public key',
      sequence([integer(0), sequence([edOid]), octetString(edKey), tlv(0x81, point)]),
      'malformed_der',
    ],
    [
      'another public key',
      wrapped([edOid], edKey, tlv(0x81, Buffer.alloc(33))),
      'inconsistent_key',
    ],
    ['an unknown field', wrapped([edOid], edKey, tlv(0x82, point)), 'malformed_der'],
    ['an algorithm that is not known', wrapped([oid('1.2.3.4')], edKey), 'unsupported_key'],
    ['X25519', pkcs8(generateKeyPairSync('x25519').privateKey), 'unsupported_key'],
    ['Ed448', pkcs8(generateKeyPairSync('ed448').privateKey), 'unsupported_key'],
    [
      'RSA-PSS',
      pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey),
      'unsupported_key',
    ],
    ['Ed25519 with parameters', wrapped([edOid, nullValue], edKey), 'malformed_der'],
    ['Ed25519 of 31 octets', wrapped([edOid], octetString(Buffer.alloc(31))), 'malformed_der'],
    [
      'Ed25519 without its inner octet string',
      wrapped([edOid], edKey.subarray(2)),
      'malformed_der',
    ],
  ])('%s', async (_, input, code) => {
    expect((await refused(input)).code).toBe(code)
  })
})

describe('EC', () => {
  const curve = oid('1.2.840.10045.3.1.7')
  const ecKey = [oid('1.2.840.10045.2.1'), curve]
  const order = hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const scalar = sec1(p256).subarray(7, 39)
  const key = (...parts: Buffer[]) => wrapped(ecKey, sequence([integer(1), ...parts]))
  const otherPoint = tlv(
    0x03,
    spkiOfKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).subarray(25),
  )
  const explicit = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    paramEncoding: 'explicit',
  }).privateKey
  const other = (namedCurve: string) => pkcs8(generateKeyPairSync('ec', { namedCurve }).privateKey)

  it.each<[string, Buffer, string, string?]>([
    ['value 0', key(octetString(Buffer.alloc(32))), 'inconsistent_key'],
    ['the order as its value', key(octetString(order)), 'inconsistent_key'],
    ['31 octets', key(octetString(scalar.subarray(1))), 'malformed_der'],
    ['33 octets', key(octetString(Buffer.concat([Buffer.of(0), scalar]))), 'malformed_der'],
    ['another point', key(octetString(scalar), tagged(1, [otherPoint])), 'inconsistent_key'],
    [
      'another curve inside',
      key(octetString(scalar), tagged(0, [oid('1.3.132.0.34')])),
      'inconsistent_key',
    ],
    [
      'no curve',
      sequence([integer(1), octetString(scalar)]),
      'unsupported_key',
      'key_ec_parameters_missing',
    ],
    ['a curve written out', pkcs8(explicit), 'unsupported_key', 'key_ec_parameters_explicit'],
    ['a curve written out, SEC 1', sec1(explicit), 'unsupported_key', 'key_ec_parameters_explicit'],
    ['secp256k1', other('secp256k1'), 'unsupported_key', 'key_ec_curve_unusual'],
    ['P-224', other('secp224r1'), 'unsupported_key', 'key_ec_curve_unusual'],
    [
      'NULL for a curve',
      wrapped([ecKey[0] ?? nullValue, nullValue], sequence([integer(1), octetString(scalar)])),
      'malformed_der',
    ],
    ['version 2', wrapped(ecKey, sequence([integer(2), octetString(scalar)])), 'malformed_der'],
    ['a field too many', key(octetString(scalar), nullValue), 'malformed_der'],
  ])('%s', async (_, input, code, fault) => {
    const error = await refused(input)
    expect(error.code).toBe(code)
    if (fault !== undefined) expect(error.faults).toMatchObject([{ code: fault }])
  })
})

describe('ML-DSA', () => {
  const algorithm = oid('2.16.840.1.101.3.4.3.17')

  it('the seed and the key that it gives are taken, another key is not', async () => {
    const { privateKey } = await keyAlgorithms['ml-dsa-44'].generate()
    const both = pkcs8(privateKey)
    expect((await importPrivateKey(both)).algorithm).toBe('ml-dsa-44')
    both[both.length - 1] = (both.at(-1) ?? 0) ^ 1
    expect((await refused(both)).code).toBe('inconsistent_key')
  })

  it('the expanded key alone is refused, with the reason', async () => {
    const both = pkcs8((await keyAlgorithms['ml-dsa-44'].generate()).privateKey)
    const alone = wrapped([algorithm], octetString(both.subarray(-2560)))
    const error = await refused(alone)
    expect(error.code).toBe('unsupported_form')
    expect(error.message).toMatch(/without its seed/)
  })

  it.each<[string, Buffer]>([
    ['a seed of 31 octets', wrapped([algorithm], tlv(0x80, Buffer.alloc(31)))],
    ['parameters', wrapped([algorithm, nullValue], tlv(0x80, Buffer.alloc(32)))],
    [
      'an expanded key of another length',
      wrapped([algorithm], sequence([octetString(Buffer.alloc(32)), nullValue])),
    ],
  ])('%s', async (_, input) => {
    expect((await refused(input)).code).toBe('malformed_der')
  })

  it('the seed 00 01 … 1f of RFC 9881 appendix C gives one key in both forms', async () => {
    const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i))
    const imported = await importPrivateKey(wrapped([algorithm], tlv(0x80, seed)))
    const again = await importPrivateKey(pkcs8(imported.privateKey))
    expect(again.spki).toEqual(imported.spki)
    // FIPS 204 algorithm 6 begins both keys with the same 32 octets, rho.
    const jwk = imported.privateKey.export({ format: 'jwk' }) as { priv?: string }
    expect(Buffer.from(jwk.priv ?? '', 'base64url')).toEqual(seed)
  })
})

it('an object identifier of 30,000 octets costs nothing', async () => {
  const long = tlv(0x06, Buffer.alloc(30_000, 0xff), Buffer.of(0x7f))
  const start = performance.now()
  expect((await refused(wrapped([long], Buffer.of()))).code).toBe('malformed_der')
  expect(performance.now() - start).toBeLessThan(250)
})

it('no text of an error repeats what was in the file', async () => {
  const secret = '1.2.840.99999.1234567'
  const error = await refused(wrapped([oid(secret)], Buffer.from('secret')))
  expect(JSON.stringify(error.faults) + error.message + error.stack).not.toMatch(/99999|secret/)
})

it('a key outside the table is refused whole: rsa of 2560 bits', async () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2560 }).privateKey
  const error = await refused(pkcs8(key))
  expect(error.code).toBe('unsupported_key')
  expect(error.message).toMatch(/rsa-2048, rsa-3072, rsa-4096/)
  expect(error.faults.map(({ code }) => code)).toEqual([
    'unsupported_key',
    'key_rsa_modulus_unusual',
  ])
})
