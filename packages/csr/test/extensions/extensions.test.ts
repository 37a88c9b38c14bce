import { describe, expect, it } from 'vitest'
import { extensionNames } from '../../src/extensions/extensions.ts'
import { proveCsr, readCsr } from '../../src/index.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import { hasOpenssl, opensslText } from '../openssl.ts'
import { derOf, faultsOf, findingsIn, readBack, strictlyRead } from './extension-input.ts'

const all = {
  raw: [
    { oid: '1.2.3.5', critical: true, value: 'BQA=' },
    { oid: '1.2.3.4', critical: false, value: 'BAEB' },
  ],
  microsoftTemplateName: 'WebServer',
  microsoftTemplate: { oid: '1.2.3', majorVersion: 1 },
  mustStaple: true,
  subjectKeyIdentifier: '0011223344556677',
  basicConstraints: { ca: false },
  extendedKeyUsage: ['serverAuth'],
  keyUsage: ['digitalSignature'],
}

describe('the extensions of a CSR', () => {
  it('are the names, then those with a field, then the raw ones, whatever their order', async () => {
    const spec = parsedSpec({ subjectAltNames: [{ type: 'dns', value: 'a' }], extensions: all })
    const { der, key } = await makeCsr(spec)
    expect(readCsr(der).requestedExtensions.map(({ oid }) => oid)).toEqual([
      '2.5.29.17',
      '2.5.29.15',
      '2.5.29.37',
      '2.5.29.19',
      '2.5.29.14',
      '1.3.6.1.5.5.7.1.24',
      '1.3.6.1.4.1.311.21.7',
      '1.3.6.1.4.1.311.20.2',
      '1.2.3.5',
      '1.2.3.4',
    ])
    expect(() => proveCsr(der, { spec, spki: key.spki })).not.toThrow()
  })

  it('come back, all of them', () => {
    expect(readBack(all)).toMatchObject({
      ...all,
      basicConstraints: { ca: false },
      keyUsage: {},
      extendedKeyUsage: {},
    })
    expect(Object.keys(readBack(all)).toSorted()).toEqual([...extensionNames, 'raw'].toSorted())
  })

  it('are none, and no extensionRequest, where none is asked for', async () => {
    const { der } = await makeCsr(parsedSpec({ subject: { CN: 'a' }, extensions: { raw: [] } }))
    expect(readCsr(der).attributeTypes).toEqual([])
  })
})

it.runIf(hasOpenssl)('OpenSSL reads every extension as it was meant', async () => {
  const { der } = await makeCsr(
    parsedSpec({
      subject: { CN: 'a' },
      key: { algorithm: 'rsa-2048' },
      extensions: {
        ...all,
        keyUsage: ['keyCertSign', 'cRLSign', 'keyEncipherment'],
        basicConstraints: { ca: true, pathLength: 2 },
      },
      attributes: { challengePassword: 'correct horse', unstructuredName: 'router 7' },
    }),
  )
  const text = (await opensslText(der)).replace(/\s+/g, ' ')
  expect(text).toMatch(/challengePassword ?: ?correct horse/)
  expect(text).toMatch(/unstructuredName ?: ?router 7/)
  expect(text).toContain('X509v3 Key Usage: critical Key Encipherment, Certificate Sign, CRL Sign')
  expect(text).toContain('X509v3 Extended Key Usage: TLS Web Server Authentication')
  expect(text).toContain('X509v3 Basic Constraints: critical CA:TRUE, pathlen:2')
  expect(text).toContain('X509v3 Subject Key Identifier: 00:11:22:33:44:55:66:77')
  expect(text).toContain('TLS Feature: status_request')
  expect(text).toContain('1.2.3.5: critical')
})

describe('a raw extension', () => {
  it('is the DER that was given, critical or not', () => {
    expect(derOf({ raw: [{ oid: '1.2.3.4', value: 'BQA=' }] })).toBe('300906032a030404020500')
    expect(derOf({ raw: [{ oid: '1.2.3.4', critical: true, value: 'BQA=' }] })).toBe(
      '300c06032a03040101ff04020500',
    )
  })

  it.each(['2.5.29.17', ...['15', '37', '19', '14'].map((arc) => `2.5.29.${arc}`)])(
    'has no type that has a field: %s',
    (oid) => {
      expect(faultsOf({ raw: [{ oid, value: 'BQA=' }] })).toEqual([
        ['raw.0.oid', expect.stringMatching(/^is that of .*; say it there$/)],
      ])
    },
  )

  it('is there once, and DER, every fault told at once', () => {
    const raw = [
      { oid: '1.2.3', value: 'BQA=' },
      { oid: '2.5.29.17', value: 'BQA=' },
      { oid: '1.2.3', value: 'BQA=' },
      { oid: 'x', value: 'x' },
      { oid: '1.2.4', value: 'BQAA' },
      { oid: '1.2.5', value: '' },
    ]
    expect(faultsOf({ raw })).toEqual(
      expect.arrayContaining([
        ['raw.1.oid', 'is that of subjectAltNames; say it there'],
        ['raw.2.oid', 'is there twice; each extension is allowed once'],
        ['raw.3.oid', expect.stringMatching(/not an object identifier/)],
        ['raw.3.value', expect.stringMatching(/not base64/)],
        ['raw.4.value', expect.stringMatching(/not DER/)],
        ['raw.5.value', expect.stringMatching(/not base64/)],
      ]),
    )
    expect(faultsOf({ raw })).toHaveLength(6)
  })

  it('whose value is no DER is refused by the reader, and found', () => {
    expect(strictlyRead('1.2.3', '05')).toBe('malformed_der /extensions/raw/0')
    expect(findingsIn('1.2.3', '05')).toEqual(['der_malformed /extensions/raw/0'])
    expect(findingsIn('1.2.3', '0500')).toEqual([])
  })
})
