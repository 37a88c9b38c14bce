import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import { specFaults } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import { exportPassword, recipientJwk } from '../src/recipients.ts'

const jwkOf = ({ publicKey }: ReturnType<typeof generateKeyPairSync>) =>
  publicKey.export({ format: 'jwk' }) as Record<string, string>

const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  x25519: generateKeyPairSync('x25519'),
}
const rsa = jwkOf(pairs.rsa)
const p256 = jwkOf(pairs.p256)
const x25519 = jwkOf(pairs.x25519)

/** `/pointer what is wrong` of each fault. */
function faultsOf(given: unknown): string[] {
  const { error } = recipientJwk.safeParse(given)
  return error ? specFaults(error).map(({ pointer, detail }) => `${pointer} ${detail}`) : []
}

test.each([
  ['RSA', rsa, 'RSA-OAEP-256', 'wrapKey'],
  ['P-256', p256, 'ECDH-ES', 'deriveBits'],
  ['X25519', x25519, 'ECDH-ES', 'deriveKey'],
])('%s is taken, with what counts alone, and taken again as it is', (_, jwk, alg, operation) => {
  expect(recipientJwk.parse(jwk)).toEqual({ ...jwk, alg })
  const whole = { ...jwk, alg, use: 'enc', key_ops: [operation], kid: 'ops ü 1' }
  const more = { ...whole, x5t: 'AA', x5c: ['AA'], ext: true, issuer: { name: 'me' } }
  const recipient = recipientJwk.parse(more)
  expect(recipient).toEqual({ ...jwk, alg, kid: 'ops ü 1' })
  expect(recipientJwk.parse(JSON.parse(JSON.stringify(recipient)))).toEqual(recipient)
})

test('what WebCrypto writes is taken', async () => {
  const { subtle } = globalThis.crypto
  const keys = [
    await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']),
    await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits']),
    await subtle.generateKey(
      {
        name: 'RSA-OAEP',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: Buffer.from('AQAB', 'base64'),
      },
      true,
      ['encrypt', 'decrypt'],
    ),
  ] as webcrypto.CryptoKeyPair[]
  for (const { publicKey } of keys) {
    expect(faultsOf(await subtle.exportKey('jwk', publicKey))).toEqual([])
  }
})

test('whoever sends a private key hears that, whatever else is wrong', () => {
  const privateJwks = Object.values(pairs).map(({ privateKey }) =>
    privateKey.export({ format: 'jwk' }),
  )
  const sent = [
    ...privateJwks.map((jwk) => [jwk, 'd'] as const),
    [{ kty: 'oct', k: 'AAAA' }, 'k'],
    [{ ...rsa, n: 1, oth: [] }, 'oth'],
    [{ d: null }, 'd'],
  ] as const
  for (const [jwk, member] of sent) {
    const faults = faultsOf(jwk)
    expect(faults).toContain(
      `/${member} is a member of a private key; you have sent a PRIVATE key: treat it as leaked, make a new one, and send its public half only`,
    )
    const named = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].filter((name) => name in jwk)
    expect(faults).toHaveLength(named.length)
  }
  const pem = String(pairs.p256.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  expect(faultsOf(pem)).toEqual([expect.stringMatching(/^ must be a public JWK; .*leaked/)])
})

const flipped = (text: string) => `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`
const base64urlOf = (...octets: number[]) => Buffer.from(octets).toString('base64url')

test.each<[string, unknown, string]>([
  ['a text', 'no key', ' must be an object with a public JWK'],
  ['a set of keys', { keys: [rsa] }, '/kty must be RSA, EC or OKP'],
  ['another kind', { kty: 'AKP' }, '/kty must be RSA, EC or OKP'],
  [
    'P-384',
    jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
    '/crv must be P-256\n/x must have 32 octets\n/y must have 32 octets',
  ],
  [
    'Ed25519',
    jwkOf(generateKeyPairSync('ed25519')),
    '/crv must be X25519; keys of other curves sign, or are not taken',
  ],
  [
    'RSA of 1024 bits',
    jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
    '/n The RSA modulus has 1024 bits; at least 2048 are needed.',
  ],
  [
    'RSA of 8200 bits',
    { ...rsa, n: Buffer.alloc(1025, 255).toString('base64url') },
    '/n has more than 8192 bits',
  ],
  [
    'an exponent of 3',
    { ...rsa, e: 'Aw' },
    '/e The RSA public exponent is 3; at least 65537 is needed.',
  ],
  [
    'an exponent of 1, which encrypts nothing',
    { ...rsa, e: 'AQ' },
    '/e The RSA public exponent is 1; at least 65537 is needed.',
  ],
  [
    'an even exponent',
    { ...rsa, e: base64urlOf(1, 0, 2) },
    '/e The RSA public exponent is even; an odd one is needed.',
  ],
  [
    'an exponent of 72 bits',
    { ...rsa, e: Buffer.alloc(9, 255).toString('base64url') },
    '/e has more than 64 bits',
  ],
  [
    'zeros in front',
    { ...rsa, e: base64urlOf(0, 1, 0, 1) },
    '/e must be a number above 0 without zero octets in front',
  ],
  ['no modulus', { kty: 'RSA', e: 'AQAB' }, '/n must be a string in base64url'],
  [
    'padding',
    { ...x25519, x: `${x25519.x}=` },
    '/x must be base64url without padding (RFC 7515 section 2)',
  ],
  [
    'base64',
    { ...x25519, x: Buffer.alloc(32, 0xff).toString('base64') },
    '/x must be base64url without padding (RFC 7515 section 2)',
  ],
  [
    '31 octets',
    { ...x25519, x: Buffer.alloc(31, 9).toString('base64url') },
    '/x must have 32 octets',
  ],
  [
    'a point off the curve',
    { ...p256, y: flipped(p256.y ?? '') },
    '/x is not, with y, a point of the curve P-256',
  ],
  ['a signature key', { ...p256, use: 'sig' }, '/use must be enc, or left out'],
  ['an alg of signatures', { ...p256, alg: 'ES256' }, '/alg must be ECDH-ES, or left out'],
  ['OAEP with SHA-1', { ...rsa, alg: 'RSA-OAEP' }, '/alg must be RSA-OAEP-256, or left out'],
  [
    'a key that verifies',
    { ...rsa, key_ops: ['verify'] },
    '/key_ops must have one of encrypt, wrapKey, or be left out',
  ],
  [
    'a key that encrypts, of a curve',
    { ...p256, key_ops: ['encrypt'] },
    '/key_ops must have one of deriveKey, deriveBits, or be left out',
  ],
  ['a long kid', { ...rsa, kid: 'x'.repeat(257) }, '/kid has more than 256 characters'],
  ['a kid that acts on terminals', { ...rsa, kid: '\u001b[2J' }, '/kid has a control character'],
])('%s is refused with its place', (_, jwk, fault) => {
  expect(faultsOf(jwk)).toEqual(fault.split('\n'))
})

test('points of small order are refused, however they are written', () => {
  const p = 2n ** 255n - 19n
  const points = [
    0n,
    1n,
    p - 1n,
    p,
    p + 1n,
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    2n ** 255n, // 0, with a bit that is passed over
    2n ** 255n + 1n,
  ]
  for (const point of points) {
    const octets = Buffer.from(point.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(faultsOf({ ...x25519, x: octets.toString('base64url') })).toEqual([
      '/x is a point of small order: what is encrypted to it can be read by anybody',
    ])
  }
})

test('a modulus that can be factored is refused', () => {
  const faults = faultsOf({ ...rsa, n: Buffer.alloc(256, 255).toString('base64url') })
  expect(faults).toContain(
    '/n The RSA modulus can be divided by 3; no factor below 752 is allowed.',
  )
})

test('no JSON makes it throw or take what is no key', () => {
  const random = seeded(7)
  let taken = 0
  for (let i = 0; i < 3_000; i++) {
    const given = anyJwk(random)
    const { data, error } = recipientJwk.safeParse(given)
    if (data === undefined) expect(error?.issues.length).toBeGreaterThan(0)
    else expect(recipientJwk.parse(data)).toEqual(data)
    if (data !== undefined) taken++
  }
  expect(taken).toBeGreaterThan(10)
})

type Random = (below: number) => number

const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'use', 'key_ops', 'kid', '__proto__', 'd']
const values = [null, 0, '', 'enc', 'AQAB', [], {}, [[]], '\ud800', true, 1e308, rsa.n, p256.x]

/** A good JWK, or nothing, of which one to three members are other values or damaged. */
function anyJwk(random: Random): object {
  const jwk = new Map<string, unknown>(Object.entries([rsa, p256, x25519, {}][random(4)] ?? {}))
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const name = names[random(names.length)] ?? ''
    const old = jwk.get(name)
    const damage = typeof old === 'string' && random(3) === 0
    jwk.set(name, damage ? mutated(old, random) : values[random(values.length)])
  }
  return Object.fromEntries(jwk)
}

function mutated(text: string, random: Random): string {
  const at = random(text.length)
  const end = at + random(3)
  return `${text.slice(0, at)}${['A', '_', '+', '', 'AAAA'][random(5)]}${text.slice(end)}`
}

function seeded(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test.each<[string, unknown, string?]>([
  ['12 letters', 'a'.repeat(12)],
  ['12 characters beyond the first plane', '🔑'.repeat(12)],
  ['spaces at its ends', ' correct horse '],
  ['255 characters beyond ASCII', 'ü'.repeat(255)],
  ['255 characters beyond the first plane', '🔑'.repeat(255)],
  ['11 letters', 'a'.repeat(11), 'must have at least 12 characters'],
  ['11 of two units each', '🔑'.repeat(11), 'must have at least 12 characters'],
  ['nothing', '', 'must have at least 12 characters'],
  ['256 letters', 'a'.repeat(256), 'has more than 255 characters'],
  ['256 of two units each', '🔑'.repeat(256), 'has more than 255 characters'],
  ['100,000 letters', 'a'.repeat(100_000), 'has more than 255 characters'],
  ['a line break', 'correct\nhorse battery', 'has a control character'],
  ['a zero', 'correct\u0000horse battery', 'has a control character'],
  ['half a pair', 'correct horse battery\ud800', 'has half of a surrogate pair'],
  ['a number', 12, 'must be a string'],
])('a password of %s', (_, password, fault) => {
  const { error, data } = exportPassword.safeParse(password)
  expect(error?.issues.map(({ message }) => message) ?? []).toEqual(fault ? [fault] : [])
  if (fault === undefined) expect(data).toBe(password)
})
