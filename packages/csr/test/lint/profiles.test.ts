import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type AttributeType,
  CsrError,
  type FindingCode,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithms,
  lintCsr,
  type ProfileName,
  profileNames,
  profiles,
  type Rdn,
  type Spec,
  type SubjectAltName,
} from '../../src/index.ts'
import { profileFindings } from '../../src/lint/profile-findings.ts'
import { mutate, seeded, testRsaPem } from '../keys/key-material.ts'
import { makeCsr, rdns, specOf } from '../make-csr.ts'

type Change = Partial<Spec> & {
  /** Octets of the finished CSR, in hexadecimal, and what they become. */
  patch?: [from: string, to: string]
}

const keys = new Map<KeyAlgorithmName, KeyPair>([
  ['rsa-2048', rsaKey(2048)],
  ['rsa-3072', rsaKey(3072)],
  ['rsa-4096', rsaKey(4096)],
])

const host = 'www.example.com'
const keyUsage: NonNullable<Spec['extensions']>['keyUsage'] = {
  usages: ['digitalSignature'],
  critical: true,
}
const extendedKeyUsage = { usages: ['serverAuth', 'clientAuth'], critical: false }
const microsoftTemplateName = 'WebServer'
const rsa2048 = { algorithm: 'rsa-2048', digest: 'sha256' } as const

/** What goes through without a word. */
const good: Record<ProfileName, Partial<Spec>[]> = {
  'public-tls': [
    {
      subject: rdns(['C', 'DE'], ['ST', 'Bayern'], ['L', 'Hof'], ['O', 'Acme'], ['CN', host]),
      subjectAltNames: [dns(host), dns('*.example.com'), ip('8.8.8.8'), ip('2606:4700::1111')],
      key: rsa2048,
      extensions: {
        keyUsage: { usages: ['digitalSignature', 'keyEncipherment'], critical: true },
        extendedKeyUsage,
        basicConstraints: { ca: false, critical: true },
      },
    },
    { subject: [], subjectAltNames: [dns(host)] },
    { subject: rdns(['CN', host.toUpperCase()]), subjectAltNames: [dns(host)] },
  ],
  letsencrypt: [
    { subject: rdns(['CN', host]), subjectAltNames: [dns(host), dns('*.example.co.uk')] },
    { subject: rdns(['CN', host]), subjectAltNames: [] },
    { subject: [], subjectAltNames: [dns(host), dns(host)], key: rsa2048 },
    { subject: [], subjectAltNames: [dns(host)], key: { algorithm: 'rsa-4096', digest: 'sha512' } },
    {
      subject: [],
      subjectAltNames: [dns(host)],
      key: { algorithm: 'ecdsa-p384', digest: 'sha384' },
    },
  ],
  adcs: [
    {
      subject: rdns(['C', 'DE'], ['O', 'Acme'], ['OU', 'IT'], ['CN', host]),
      subjectAltNames: [dns(host), { type: 'upn', value: 'anna@corp.example.com' }],
      extensions: { keyUsage, extendedKeyUsage, microsoftTemplateName },
    },
    {
      subject: rdns(['CN', 'web01.corp.example.com']),
      subjectAltNames: [dns('web01.corp.example.com'), dns('web01')],
      key: { algorithm: 'ecdsa-p521', digest: 'sha512' },
      extensions: {
        keyUsage,
        extendedKeyUsage,
        microsoftTemplate: { oid: '1.3.6.1.4.1.311.21.8.1' },
      },
    },
  ],
  puppet: [
    { subject: rdns(['CN', 'agent-1.example.com']) },
    { subject: rdns(['CN', 'web_1']), subjectAltNames: [] },
    {
      subject: rdns(['CN', 'agent-1.example.com']),
      subjectAltNames: [dns('agent-1.example.com')],
      key: { algorithm: 'rsa-4096', digest: 'sha256' },
      extensions: { raw: [raw('1.3.6.1.4.1.34380.1.1.13'), raw('1.3.6.1.4.1.34380.1.2.1')] },
      attributes: { challengePassword: 'a secret between us' },
    },
  ],
  lxca: [
    {
      subject: lxcaSubject(),
      subjectAltNames: [dns('New-LXCA'), ip('192.0.2.0'), ip('192.0.2.0'), dns('LXCA')],
      key: rsa2048,
    },
    {
      subject: lxcaSubject({ O: 'Łódź', CN: '10.0.0.5' }).filter(([one]) => one?.type !== 'OU'),
      subjectAltNames: [ip('10.0.0.5')],
      key: { algorithm: 'rsa-3072', digest: 'sha384' },
    },
  ],
}

/** Each finding with what provokes it when it is changed in a CSR that is good. */
const cases: [ProfileName, FindingCode, string, Change][] = [
  ['public-tls', 'public_tls_san_missing', '/subjectAltNames', { subjectAltNames: [] }],
  ...(
    [
      { type: 'email', value: 'a@example.com' },
      { type: 'uri', value: 'https://example.com' },
      { type: 'rid', value: '1.2.3' },
      { type: 'dirName', value: rdns(['CN', 'x']) },
      { type: 'upn', value: 'a@example.com' },
      { type: 'otherName', oid: '1.2.3', value: 'x' },
    ] as const
  ).map((name): [ProfileName, FindingCode, string, Change] => [
    'public-tls',
    'public_tls_san_type',
    '/subjectAltNames/1',
    { subjectAltNames: [dns(host), name] },
  ]),
  publicName('public_name_internal', 'printer'),
  publicName('public_name_internal', '*.corp.local'),
  publicName('public_name_reverse_zone', '1.2.0.192.in-addr.arpa'),
  publicName('public_tls_dns_name_public_suffix', 'Co.UK'),
  publicName('public_name_onion', 'abcdefgh.onion'),
  publicName('public_name_reserved_label', 'ab--c.example.com'),
  [
    'public-tls',
    'public_name_ip_reserved',
    '/subjectAltNames/1',
    { subjectAltNames: [dns(host), ip('10.1.2.3')] },
  ],
  [
    'public-tls',
    'public_tls_common_name_not_in_san',
    '/subject/0/0/value',
    { subject: rdns(['CN', 'Our shop']) },
  ],
  [
    'public-tls',
    'public_tls_common_name_repeated',
    '/subject',
    { subject: rdns(['CN', host], ['CN', host]) },
  ],
  [
    'public-tls',
    'public_tls_subject_order',
    '/subject/1/0/value',
    { subject: rdns(['CN', host], ['C', 'DE']) },
  ],
  [
    'public-tls',
    'public_tls_subject_multi_valued',
    '/subject/0',
    { subject: [rdns(['O', 'Acme'], ['CN', host]).flat()] },
  ],
  [
    'public-tls',
    'public_tls_organizational_unit',
    '/subject/0/0/value',
    { subject: rdns(['OU', 'IT'], ['CN', host]) },
  ],
  [
    'public-tls',
    'public_tls_subject_attribute',
    '/subject/1/0/value',
    { subject: rdns(['CN', host], ['emailAddress', 'a@example.com']) },
  ],
  ...(['ed25519', 'ml-dsa-44'] as const).map(
    (algorithm): [ProfileName, FindingCode, string, Change] => [
      'public-tls',
      'public_tls_key',
      '/key',
      { key: { algorithm }, extensions: {} },
    ],
  ),
  // secp256k1 in place of P-256
  [
    'public-tls',
    'public_tls_key',
    '/key',
    {
      key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
      extensions: {},
      patch: ['06082a8648ce3d030107', '06082a8648ce3d030106'],
    },
  ],
  [
    'public-tls',
    'public_tls_signature',
    '/signature',
    { patch: ['06092a864886f70d01010b', '06092a864886f70d01010e'] },
  ],
  [
    'public-tls',
    'public_tls_ca',
    '/extensions/basicConstraints',
    { extensions: { basicConstraints: { ca: true, critical: true } } },
  ],
  [
    'public-tls',
    'public_tls_key_usage_ca',
    '/extensions/keyUsage',
    { extensions: { keyUsage: { usages: ['digitalSignature', 'cRLSign'], critical: true } } },
  ],
  [
    'public-tls',
    'public_tls_key_usage',
    '/extensions/keyUsage',
    {
      extensions: { keyUsage: { usages: ['digitalSignature', 'nonRepudiation'], critical: true } },
    },
  ],
  ...['codeSigning', 'anyExtendedKeyUsage', '1.3.6.1.4.1.11129.2.4.4'].map((usage) =>
    purposes('public_tls_purpose_forbidden', 'serverAuth', usage),
  ),
  purposes('public_tls_purpose_unusual', 'serverAuth', 'ipsecIKE'),
  purposes('public_tls_purpose_missing', 'clientAuth'),

  [
    'letsencrypt',
    'letsencrypt_name_missing',
    '/subjectAltNames',
    { subject: [], subjectAltNames: [{ type: 'rid', value: '1.2.3' }] },
  ],
  [
    'letsencrypt',
    'letsencrypt_too_many_names',
    '/subjectAltNames',
    { subjectAltNames: Array.from({ length: 100 }, (_, i) => dns(`h${i}.example.com`)) },
  ],
  altName('letsencrypt', 'letsencrypt_san_refused', { type: 'email', value: 'a@example.com' }),
  altName('letsencrypt', 'letsencrypt_san_refused', { type: 'uri', value: 'https://example.com' }),
  altName('letsencrypt', 'letsencrypt_san_ignored', { type: 'rid', value: '1.2.3' }),
  altName('letsencrypt', 'letsencrypt_dns_name_public_suffix', dns('co.uk')),
  altName('letsencrypt', 'letsencrypt_dns_name_labels', dns('*.a.b.c.d.e.f.g.h.i.example.com')),
  altName('letsencrypt', 'letsencrypt_ip_profile', ip('8.8.8.8')),
  altName('letsencrypt', 'public_name_ip_reserved', ip('::1')),
  altName('letsencrypt', 'public_name_internal', dns('nas.internal')),
  commonName('letsencrypt', 'letsencrypt_common_name', '8.8.8.8'),
  commonName('letsencrypt', 'letsencrypt_common_name', 'Our shop'),
  commonName('letsencrypt', 'public_name_internal', 'localhost'),
  commonName('letsencrypt', 'letsencrypt_dns_name_labels', 'a.b.c.d.e.f.g.h.i.example.com'),
  ['letsencrypt', 'letsencrypt_key', '/key', { key: { algorithm: 'ed25519' } }],
  [
    'letsencrypt',
    'letsencrypt_key',
    '/key',
    { key: { algorithm: 'ecdsa-p521', digest: 'sha512' } },
  ],
  [
    'letsencrypt',
    'letsencrypt_rsa_exponent',
    '/key',
    { key: rsa2048, patch: ['0203010001', '0203010003'] },
  ],
  [
    'letsencrypt',
    'letsencrypt_signature',
    '/signature',
    { patch: ['06082a8648ce3d040302', '06082a8648ce3d040301'] },
  ],
  [
    'letsencrypt',
    'letsencrypt_must_staple',
    '/extensions/mustStaple',
    { extensions: { mustStaple: true } },
  ],
  [
    'letsencrypt',
    'letsencrypt_subject_ignored',
    '/subject',
    { subject: rdns(['O', 'Acme'], ['CN', host]) },
  ],
  ['letsencrypt', 'letsencrypt_extension_ignored', '/extensions', { extensions: { keyUsage } }],

  ['adcs', 'adcs_template_missing', '/extensions', { extensions: { keyUsage, extendedKeyUsage } }],
  [
    'adcs',
    'adcs_template_conflict',
    '/extensions/microsoftTemplate',
    {
      extensions: {
        keyUsage,
        extendedKeyUsage,
        microsoftTemplateName,
        microsoftTemplate: { oid: '1.3.6.1.4.1.311.21.8.1' },
      },
    },
  ],
  [
    'adcs',
    'adcs_key_usage_missing',
    '/extensions',
    { extensions: { extendedKeyUsage, microsoftTemplateName } },
  ],
  [
    'adcs',
    'adcs_purpose_missing',
    '/extensions',
    { extensions: { keyUsage, microsoftTemplateName } },
  ],
  [
    'adcs',
    'adcs_extension_ignored',
    '/extensions/mustStaple',
    { extensions: { keyUsage, extendedKeyUsage, microsoftTemplateName, mustStaple: true } },
  ],
  ['adcs', 'adcs_key_unsupported', '/key', { key: { algorithm: 'ed25519' } }],
  ['adcs', 'adcs_key_ml_dsa', '/key', { key: { algorithm: 'ml-dsa-65' } }],
  [
    'adcs',
    'adcs_subject_attribute',
    '/subject/0/0/value',
    { subject: rdns(['postalCode', '95028'], ['CN', host]) },
  ],

  ['puppet', 'puppet_certname_missing', '/subject', { subject: rdns(['O', 'Acme']) }],
  commonName('puppet', 'puppet_certname_case', 'Agent.example.com'),
  ...['*.example.com', '-a.example.com', 'a-.example.com', 'a..b', 'a b', 'a/b', 'é'].map((name) =>
    commonName('puppet', 'puppet_certname_form', name),
  ),
  ...[keyUsageOf({ keyUsage }), keyUsageOf({ raw: [raw('1.3.6.1.4.1.34380.1.3.39')] })],
  [
    'puppet',
    'puppet_authorization_extension',
    '/extensions/raw/0',
    { extensions: { raw: [raw('1.3.6.1.4.1.34380.1.3.1')] } },
  ],
  ['puppet', 'puppet_san', '/subjectAltNames', { subjectAltNames: [ip('192.0.2.1')] }],
  altName('puppet', 'puppet_san_type', { type: 'email', value: 'a@example.com' }),
  altName('puppet', 'puppet_san_wildcard', dns('*.example.com')),
  [
    'puppet',
    'puppet_subject_ignored',
    '/subject',
    { subject: rdns(['O', 'Acme'], ['CN', 'agent-1.example.com']) },
  ],

  ['lxca', 'lxca_subject_order', '/subject/1/0/value', { subject: lxcaSubject().toReversed() }],
  [
    'lxca',
    'lxca_subject_attribute',
    '/subject/6/0/value',
    { subject: [...lxcaSubject(), ...rdns(['serialNumber', '1'])] },
  ],
  [
    'lxca',
    'lxca_subject_attribute',
    '/subject/0/0/value',
    { subject: [...rdns(['DC', 'com']), ...lxcaSubject()] },
  ],
  ['lxca', 'lxca_subject_attribute_missing', '/subject', { subject: lxcaSubject().slice(1) }],
  [
    'lxca',
    'lxca_subject_value_length',
    '/subject/2/0/value',
    { subject: lxcaSubject({ L: 'x'.repeat(51) }) },
  ],
  [
    'lxca',
    'lxca_string_type',
    '/subject/3/0/value',
    {
      subject: lxcaSubject().map((rdn) =>
        rdn.map((one) => (one.type === 'O' ? { ...one, stringType: 'utf8' } : one)),
      ),
    },
  ],
  ['lxca', 'lxca_key', '/key', { key: { algorithm: 'ecdsa-p256', digest: 'sha256' } }],
  ['lxca', 'lxca_key', '/key', { key: { algorithm: 'rsa-2048', digest: 'sha384' } }],
  [
    'lxca',
    'lxca_san_type',
    '/subjectAltNames/0',
    { subjectAltNames: [{ type: 'rid', value: '1.2.3' }, dns('LXCA')] },
  ],
  ['lxca', 'lxca_common_name_last', '/subjectAltNames', { subjectAltNames: [] }],
  [
    'lxca',
    'lxca_common_name_last',
    '/subjectAltNames',
    { subjectAltNames: [dns('LXCA'), dns('New-LXCA')] },
  ],
  ['lxca', 'lxca_extension', '/extensions/keyUsage', { extensions: { keyUsage } }],
  ['lxca', 'lxca_attribute', '/attributes/0', { attributes: { challengePassword: 'secret' } }],
]

describe('profiles', () => {
  it.each(profileNames.flatMap((profile) => good[profile].map((spec) => ({ profile, spec }))))(
    '$profile says nothing of a CSR that it likes',
    async ({ profile, spec }) => {
      expect(lintCsr(await csrOf(spec), { profile }).findings).toEqual([])
    },
  )

  it.each(cases)('%s finds %s at %s (%#)', async (profile, code, pointer, change) => {
    const { findings } = lintCsr(await csrOf({ ...good[profile][0], ...change }), { profile })
    const kind = Object.entries(profileFindings).find(([name]) => name === code)?.[1]
    expect(findings).toContainEqual({
      code,
      pointer,
      severity: kind?.severity,
      source: kind?.source,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    })
    expect(lintCsr(await csrOf({ ...good[profile][0], ...change })).findings).not.toContainEqual(
      expect.objectContaining({ code }),
    )
  })

  it('have no finding that nothing provokes', () => {
    const provoked = new Set<string>(cases.map(([, code]) => code))
    expect(Object.keys(profileFindings).filter((code) => !provoked.has(code))).toEqual([])
  })

  it('name a rule and its source for each finding, with the name of a profile in front', () => {
    for (const [code, { rule, source }] of Object.entries(profileFindings)) {
      expect(code).toMatch(/^(public_name|public_tls|letsencrypt|adcs|puppet|lxca)_[a-z_]+$/)
      expect(rule).toMatch(/\.$/)
      expect(source.length).toBeGreaterThan(8)
    }
  })

  it('say what they are for', () => {
    expect(profileNames).toEqual(['public-tls', 'letsencrypt', 'adcs', 'puppet', 'lxca'])
    for (const name of profileNames) expect(profiles[name].about).toMatch(/\.$/)
  })

  it('tell duplicates from faults where the product keeps them', async () => {
    const csr = await csrOf({ subject: lxcaSubject(), subjectAltNames: [dns('LXCA'), dns('LXCA')] })
    const codes = (profile: ProfileName) =>
      lintCsr(csr, { profile }).findings.map(({ code }) => code)
    expect(codes('lxca')).not.toContain('san_duplicate')
    expect(codes('public-tls')).toContain('san_duplicate')
  })

  it('throw nothing but that it is no CSR, whatever became of one', async () => {
    const random = seeded(7)
    for (const profile of profileNames) {
      const der = await csrOf(good[profile][0] ?? {})
      for (let i = 0; i < 150; i++) {
        const damaged = mutate(der, random)
        try {
          lintCsr(damaged, { profile })
        } catch (error) {
          expect(error, damaged.toString('hex')).toBeInstanceOf(CsrError)
        }
      }
    }
  })
})

async function csrOf({ patch, ...parts }: Change): Promise<Buffer> {
  const spec = specOf(parts)
  const key = keys.get(spec.key.algorithm) ?? (await keyAlgorithms[spec.key.algorithm].generate())
  keys.set(spec.key.algorithm, key)
  const { der } = await makeCsr(spec, key)
  if (patch === undefined) return der
  expect(der.toString('hex')).toContain(patch[0])
  return Buffer.from(der.toString('hex').replaceAll(patch[0], patch[1]), 'hex')
}

function rsaKey(bits: 2048 | 3072 | 4096): KeyPair {
  const privateKey = createPrivateKey(testRsaPem(bits))
  const publicKey = createPublicKey(testRsaPem(bits))
  return { privateKey, publicKey, spki: publicKey.export({ type: 'spki', format: 'der' }) }
}

function dns(value: string): SubjectAltName {
  return { type: 'dns', value }
}

function ip(value: string): SubjectAltName {
  return { type: 'ip', value }
}

/** An extension that holds a UTF8String. */
function raw(oid: string) {
  return { oid, critical: false, value: Buffer.from('0c0178', 'hex').toString('base64') }
}

function lxcaSubject(changes: Partial<Record<AttributeType, string>> = {}): Rdn[] {
  const values: [AttributeType, string][] = [
    ['C', 'US'],
    ['ST', 'North Carolina'],
    ['L', 'Raleigh'],
    ['O', 'ACME International Ltd.'],
    ['OU', 'ABC Division'],
    ['CN', 'LXCA'],
  ]
  return rdns(
    ...values.map(([type, value]): [AttributeType, string] => [type, changes[type] ?? value]),
  )
}

function publicName(code: FindingCode, name: string): (typeof cases)[number] {
  return altName('public-tls', code, dns(name))
}

/** The name comes after another one that is the common name. */
function altName(
  profile: ProfileName,
  code: FindingCode,
  name: SubjectAltName,
): (typeof cases)[number] {
  return [profile, code, '/subjectAltNames/1', { subjectAltNames: [dns(host), name] }]
}

function commonName(profile: ProfileName, code: FindingCode, name: string): (typeof cases)[number] {
  return [profile, code, '/subject/0/0/value', { subject: rdns(['CN', name]) }]
}

function purposes(code: FindingCode, ...usages: string[]): (typeof cases)[number] {
  const extensions = { extendedKeyUsage: { usages, critical: false } }
  return ['public-tls', code, '/extensions/extendedKeyUsage', { extensions }]
}

function keyUsageOf(extensions: NonNullable<Spec['extensions']>): (typeof cases)[number] {
  const place = extensions.raw === undefined ? 'keyUsage' : 'raw/0'
  return ['puppet', 'puppet_extension', `/extensions/${place}`, { extensions }]
}
