import type { Spec } from '../../../src/index.ts'
import { rdns } from '../../make-csr.ts'
import { dns, ip, keyUsage, raw } from '../good-specs.ts'
import { altName, type Case, commonName } from './case.ts'

export const puppet: readonly Case[] = [
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
]

function keyUsageOf(extensions: NonNullable<Spec['extensions']>): Case {
  const place = extensions.raw === undefined ? 'keyUsage' : 'raw/0'
  return ['puppet', 'puppet_extension', `/extensions/${place}`, { extensions }]
}
