import { describe, expect, it } from 'vitest'
import { keyAlgorithms, proveCsr } from '../src/index.ts'
import { makeCsr, parsedSpec } from './make-csr.ts'

const key = await keyAlgorithms['ecdsa-p256'].generate()

describe('a CSR with extensions and attributes', () => {
  const full = parsedSpec({
    subject: { CN: 'edge-1.example.com' },
    subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }],
    extensions: {
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth', 'clientAuth'],
      basicConstraints: { ca: false },
      subjectKeyIdentifier: true,
      mustStaple: true,
      microsoftTemplate: { oid: '1.2.3', majorVersion: 100, minorVersion: 3 },
      microsoftTemplateName: 'WebServer',
      raw: [
        { oid: '1.2.3.4', value: 'BQA=' },
        { oid: '1.2.3.5', value: 'BQA=' },
      ],
    },
    attributes: { challengePassword: 'correct horse', unstructuredName: 'router 7' },
  })
  const { extensions, attributes } = full
  const raw = extensions?.raw ?? []

  it('is proved', async () => {
    const made = await makeCsr(full, key)
    expect(() => proveCsr(made.der, { spec: full, spki: key.spki })).not.toThrow()
  })

  it.each<[string, object, string]>([
    [
      'another key usage',
      { keyUsage: { usages: ['nonRepudiation'], critical: true } },
      '/keyUsage',
    ],
    [
      'a usage more',
      { keyUsage: { usages: ['digitalSignature', 'cRLSign'], critical: true } },
      '/keyUsage',
    ],
    [
      'a key usage that is not critical',
      { keyUsage: { usages: ['digitalSignature'], critical: false } },
      '',
    ],
    ['no key usage', { keyUsage: undefined }, ''],
    [
      'purposes in another order',
      { extendedKeyUsage: { usages: ['clientAuth', 'serverAuth'], critical: false } },
      '/extendedKeyUsage',
    ],
    [
      'critical purposes',
      { extendedKeyUsage: { usages: ['serverAuth', 'clientAuth'], critical: true } },
      '',
    ],
    ['a CA', { basicConstraints: { ca: true, critical: false } }, '/basicConstraints'],
    [
      'a path length',
      { basicConstraints: { ca: false, pathLength: 0, critical: false } },
      '/basicConstraints',
    ],
    ['another key identifier', { subjectKeyIdentifier: '00'.repeat(20) }, '/subjectKeyIdentifier'],
    ['no must-staple', { mustStaple: undefined }, ''],
    [
      'another template',
      { microsoftTemplate: { oid: '1.2.4', majorVersion: 100, minorVersion: 3 } },
      '/microsoftTemplate',
    ],
    [
      'a template without its minor version',
      { microsoftTemplate: { oid: '1.2.3', majorVersion: 100 } },
      '/microsoftTemplate',
    ],
    [
      'the name of another template',
      { microsoftTemplateName: 'webserver' },
      '/microsoftTemplateName',
    ],
    [
      'another raw value',
      { raw: raw.with(1, { oid: '1.2.3.5', critical: false, value: 'BAA=' }) },
      '/raw',
    ],
    [
      'a critical raw extension',
      { raw: raw.with(0, { oid: '1.2.3.4', critical: true, value: 'BQA=' }) },
      '',
    ],
    ['raw extensions in another order', { raw: raw.toReversed() }, ''],
    [
      'one raw extension more',
      { raw: [...raw, { oid: '1.2.3.6', critical: false, value: 'BQA=' }] },
      '',
    ],
  ])('is refused with %s', async (_, change, pointer) => {
    const changed = { ...full, extensions: { ...extensions, ...change } }
    const made = await makeCsr(changed, key)
    expect(() => proveCsr(made.der, { spec: full, spki: key.spki })).toThrow(
      expect.objectContaining({ code: 'spec_mismatch', pointer: `/extensions${pointer}` }),
    )
    expect(() => proveCsr(made.der, { spec: changed, spki: key.spki })).not.toThrow()
  })

  it.each<[string, object | undefined, string]>([
    [
      'another password',
      { ...attributes, challengePassword: 'Correct horse' },
      '/challengePassword',
    ],
    ['another name', { ...attributes, unstructuredName: 'router 8' }, '/unstructuredName'],
    ['no password', { unstructuredName: 'router 7' }, ''],
    ['no attributes', undefined, ''],
  ])('is refused with %s, in words that do not hold it', async (_, change, pointer) => {
    const { attributes: _asked, ...rest } = full
    const made = await makeCsr(change === undefined ? rest : { ...rest, attributes: change }, key)
    expect(() => proveCsr(made.der, { spec: full, spki: key.spki })).toThrow(
      expect.objectContaining({
        code: 'spec_mismatch',
        pointer: `/attributes${pointer}`,
        message: `The CSR differs from its spec at /attributes${pointer}.`,
      }),
    )
  })
})
