import {
  buildCsr,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithms,
  specSchema,
} from '@csr-foundry/csr'
import { type Csr, csrOf } from './compose-csr.ts'

const subject = {
  DC: 'example',
  C: 'DE',
  ST: 'Baden-Württemberg',
  L: 'Stuttgart',
  postalCode: '70173',
  street: 'Königstraße 1',
  // 64 characters in 128 octets, which is as long as it may be.
  O: 'ü'.repeat(64),
  OU: 'Edge (North)',
  dnQualifier: 'A-7',
  serialNumber: 'SN 12',
  CN: 'Rack 12, unit 3',
  emailAddress: 'ops_1@example.com',
}

const subjectAltNames = [
  { type: 'dns', value: 'edge-1.example.com' },
  { type: 'dns', value: '*.example.com' },
  { type: 'dns', value: 'bücher.example' },
  { type: 'ip', value: '192.0.2.10' },
  { type: 'ip', value: '2001:db8::10' },
  { type: 'email', value: 'ops@example.com' },
  { type: 'uri', value: 'spiffe://example.com/rack/12' },
  { type: 'dirName', value: { C: 'DE', O: 'Müller & Söhne', CN: 'Rack 12' } },
  { type: 'rid', value: '1.3.6.1.4.1.55555.7' },
  { type: 'upn', value: 'ops@corp.example.com' },
  { type: 'otherName', oid: '1.3.6.1.4.1.55555.1', value: 'rack 12' },
  { type: 'otherName', oid: '1.3.6.1.4.1.55555.2', der: 'AgEH' },
]

const extensions = {
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  extendedKeyUsage: ['serverAuth', 'clientAuth', '1.3.6.1.4.1.55555.3'],
  basicConstraints: { ca: false },
  subjectKeyIdentifier: true,
  mustStaple: true,
  microsoftTemplate: { oid: '1.3.6.1.4.1.311.21.8.1.2', majorVersion: 100, minorVersion: 4 },
  microsoftTemplateName: 'WebServer',
  raw: [{ oid: '1.3.6.1.4.1.55555.4', value: 'BQA=' }],
}

const attributes = { challengePassword: 'correct horse', unstructuredName: 'router_7' }
const rich = { subject, subjectAltNames, extensions, attributes }

/** Specs that everything is in, or as little as can be, one with each kind of key. */
const specs = {
  ecdsa: { ...rich, key: { algorithm: 'ecdsa-p256' } },
  rsa: {
    ...rich,
    extensions: { ...extensions, keyUsage: ['digitalSignature', 'keyEncipherment'] },
    key: { algorithm: 'rsa-2048' },
  },
  ed25519: { ...rich, key: { algorithm: 'ed25519' } },
  mlDsa: { ...rich, key: { algorithm: 'ml-dsa-44' } },
  authority: {
    subject: [
      [
        { type: 'CN', value: 'Example CA' },
        { type: 'OU', value: 'Two in one' },
      ],
    ],
    extensions: {
      keyUsage: ['keyCertSign', 'cRLSign'],
      basicConstraints: { ca: true, pathLength: 1 },
    },
    key: { algorithm: 'ecdsa-p256' },
  },
  // Nothing of it varies in length, and its base64 has padding.
  small: { subject: { CN: 'Edge' }, key: { algorithm: 'ed25519' } },
  nameless: { subjectAltNames: subjectAltNames.slice(0, 1), key: { algorithm: 'ecdsa-p256' } },
} as const

/** Name of a good CSR. */
export type GoodName = keyof typeof specs

/** Their names. */
export const goodNames = Object.keys(specs) as GoodName[]

const keys = new Map<KeyAlgorithmName, Promise<KeyPair>>()
const csrs = new Map<GoodName, Promise<Csr>>()

/** A CSR with which nothing is wrong, made by the package; its key is made once. */
export function goodCsr(name: GoodName): Promise<Csr> {
  const csr = csrs.get(name) ?? makeCsr(name)
  csrs.set(name, csr)
  return csr
}

async function makeCsr(name: GoodName): Promise<Csr> {
  const { key, ...rest } = specSchema.parse(specs[name])
  if ('id' in key) throw new Error('The spec names a key that is there.')
  const { generate, sign } = keyAlgorithms[key.algorithm]
  const pair = keys.get(key.algorithm) ?? Promise.resolve(generate())
  keys.set(key.algorithm, pair)
  const { spki, privateKey } = await pair
  const der = await buildCsr({ ...rest, key }, spki, (info) => sign(privateKey, key.digest, info))
  return csrOf(der, privateKey, (info) => sign(privateKey, key.digest, info))
}
