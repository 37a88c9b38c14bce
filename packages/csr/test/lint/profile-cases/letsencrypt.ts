import { rdns } from '../../make-csr.ts'
import { dns, host, ip, keyUsage, rsa2048 } from '../good-specs.ts'
import { altName, type Case, commonName } from './case.ts'

export const letsEncrypt: readonly Case[] = [
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
]
