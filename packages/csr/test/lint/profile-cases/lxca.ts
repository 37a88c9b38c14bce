import { rdns } from '../../make-csr.ts'
import { dns, keyUsage, lxcaSubject } from '../good-specs.ts'
import type { Case } from './case.ts'

export const lxca: readonly Case[] = [
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
