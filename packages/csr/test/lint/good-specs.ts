import type { AttributeType, ProfileName, Rdn, Spec, SubjectAltName } from '../../src/index.ts'
import { rdns } from '../make-csr.ts'

export const host = 'www.example.com'
export const keyUsage: NonNullable<NonNullable<Spec['extensions']>['keyUsage']> = {
  usages: ['digitalSignature'],
  critical: true,
}
export const extendedKeyUsage = { usages: ['serverAuth', 'clientAuth'], critical: false }
export const microsoftTemplateName = 'WebServer'
export const rsa2048 = { algorithm: 'rsa-2048', digest: 'sha256' } as const

/** What goes through without a word. */
export const good: Record<ProfileName, Partial<Spec>[]> = {
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

export function dns(value: string): SubjectAltName {
  return { type: 'dns', value }
}

export function ip(value: string): SubjectAltName {
  return { type: 'ip', value }
}

/** An extension that holds a UTF8String. */
export function raw(oid: string) {
  return { oid, critical: false, value: Buffer.from('0c0178', 'hex').toString('base64') }
}

export function lxcaSubject(changes: Partial<Record<AttributeType, string>> = {}): Rdn[] {
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
