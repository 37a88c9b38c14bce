import type { FindingCode } from '../../../src/index.ts'
import { rdns } from '../../make-csr.ts'
import { dns, host, ip } from '../good-specs.ts'
import { altName, type Case } from './case.ts'

export const publicTls: readonly Case[] = [
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
  ).map(
    (name): Case => [
      'public-tls',
      'public_tls_san_type',
      '/subjectAltNames/1',
      { subjectAltNames: [dns(host), name] },
    ],
  ),
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
    (algorithm): Case => [
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
]

function publicName(code: FindingCode, name: string): Case {
  return altName('public-tls', code, dns(name))
}

function purposes(code: FindingCode, ...usages: string[]): Case {
  const extensions = { extendedKeyUsage: { usages, critical: false } }
  return ['public-tls', code, '/extensions/extendedKeyUsage', { extensions }]
}
