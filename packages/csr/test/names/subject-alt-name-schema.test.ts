import { describe, expect, it } from 'vitest'
import { parseSpec, proveCsr, readCsr } from '../../src/index.ts'
import { subjectAltNameSchema } from '../../src/names/subject-alt-name-schema.ts'
import { makeCsr, parsedSpec, rdns } from '../make-csr.ts'
import { hex, tlv } from '../tlv.ts'

const upn = '1.3.6.1.4.1.311.20.2.3'

describe('a name of every type', () => {
  it.each<[object, object]>([
    [{ type: 'dns', value: 'Edge-1.example.com' }, {}],
    [{ type: 'dns', value: 'bücher.example' }, { value: 'xn--bcher-kva.example' }],
    [{ type: 'dns', value: '*.BÜCHER.example' }, { value: '*.xn--bcher-kva.example' }],
    [{ type: 'ip', value: '192.0.2.10' }, {}],
    [{ type: 'ip', value: '2001:DB8::A' }, {}],
    [{ type: 'email', value: 'ops@example.com' }, {}],
    [{ type: 'uri', value: 'spiffe://example.com/rack' }, {}],
    [{ type: 'rid', value: '1.2.3' }, {}],
    [{ type: 'upn', value: 'ä@corp.example.com' }, {}],
    [{ type: 'otherName', oid: '1.2.3', value: 'x' }, {}],
    [{ type: 'otherName', oid: '1.2.3', der: 'BQA=' }, {}],
    [{ type: 'dirName', value: 'CN=x,C=US' }, { value: rdns(['C', 'US'], ['CN', 'x']) }],
    [{ type: 'dirName', value: { CN: 'x', C: 'US' } }, { value: rdns(['C', 'US'], ['CN', 'x']) }],
    [{ type: 'dirName', value: rdns(['CN', 'x'], ['C', 'US']) }, {}],
  ])('%j is taken, and is in the CSR', async (input, change) => {
    const name = { ...input, ...change }
    expect(subjectAltNameSchema.parse(input)).toEqual(name)
    const spec = parsedSpec({ subjectAltNames: [input] })
    const { der, key } = await makeCsr(spec)
    expect(() => proveCsr(der, { spec, spki: key.spki })).not.toThrow()
  })

  it('of the type of user principal names is a upn', async () => {
    const name = { type: 'upn', value: 'ops@corp.example.com' }
    const asOther = { type: 'otherName', oid: upn, value: name.value }
    expect(subjectAltNameSchema.parse(asOther)).toEqual(name)
    const spec = parsedSpec({ subjectAltNames: [name] })
    const { der } = await makeCsr(spec)
    expect(readCsr(der).subjectAltNames).toEqual([name])
    expect(der.toString('hex')).toContain(
      // [0] { OID 1.3.6.1.4.1.311.20.2.3, [0] { UTF8String } }
      `a024060a2b060104018237140203a0160c14${Buffer.from(name.value).toString('hex')}`,
    )
  })
})

describe('a name is refused', () => {
  it.each<[object, string, RegExp]>([
    [{ type: 'dns', value: 'a_b' }, '/value', /the character "_"; letters, digits and hyphens/],
    [{ type: 'dns', value: '*.co.uk' }, '/value', /public suffix "co.uk"/],
    [{ type: 'dns', value: '①.example' }, '/value', /no A-label form/],
    [{ type: 'ip', value: '010.0.0.1' }, '/value', /without leading zeros/],
    [{ type: 'ip', value: '10.0.0.0/8' }, '/value', /a single IP address is needed/],
    [{ type: 'email', value: 'x' }, '/value', /local@domain is needed/],
    [{ type: 'uri', value: 'x' }, '/value', /an absolute URI is needed/],
    [{ type: 'rid', value: 'x' }, '/value', /numbers separated by dots are needed/],
    [{ type: 'upn', value: 'x' }, '/value', /name@suffix is needed/],
    [{ type: 'upn', value: 'a\0@b' }, '/value', /control character/],
    [{ type: 'dirName', value: {} }, '/value', /at least one RDN/],
    [{ type: 'dirName', value: { CN: '' } }, '/value/CN', /at least one visible character/],
    [{ type: 'otherName', oid: 'x', value: 'x' }, '/oid', /not an object identifier/],
    [{ type: 'otherName', oid: '1.2.3', value: '\n' }, '/value', /visible character/],
    [{ type: 'otherName', oid: '1.2.3' }, '/value', /must be a string/],
    [{ type: 'otherName', oid: upn, value: 'x' }, '/value', /name@suffix is needed/],
    [{ type: 'otherName', oid: '1.2.3', der: 'x' }, '/der', /is not base64/],
    [{ type: 'otherName', oid: '1.2.3', der: 'BQAA' }, '/der', /is not DER/],
    // A UTF8String is text, and would be read back as such: control characters and all.
    [{ type: 'otherName', oid: '1.2.3', der: 'DAEK' }, '/der', /UTF8String; its text is needed/],
    [{ type: 'x400Address', value: 'x' }, '/type', /^must be one of dns, ip, email, uri/],
    [{ type: 'constructor', value: 'x' }, '/type', /^must be one of/],
  ])('%j', (name, place, detail) => {
    expect(parseSpec({ subjectAltNames: [{ type: 'dns', value: 'a' }, name] })).toEqual({
      ok: false,
      faults: [{ pointer: `/subjectAltNames/1${place}`, detail: expect.stringMatching(detail) }],
    })
  })

  it.each<[object, string, RegExp]>([
    [{ type: 'otherName', oid: '1.2.3', der: 'BQA=', value: 'x' }, '/value', /not known here/],
    [{ type: 'dns', value: 'a', oid: '1.2.3' }, '/oid', /^is not known here; type, value are/],
  ])('%j, for a field that its type does not have', (name, place, detail) => {
    expect(parseSpec({ subjectAltNames: [name] })).toEqual({
      ok: false,
      faults: [
        {
          pointer: `/subjectAltNames/0${place}`,
          detail: expect.stringMatching(detail),
          code: 'attribute_unknown',
        },
      ],
    })
  })

  it('whose DER is nested deeper than it could be read back', async () => {
    const nested = (levels: number): Buffer =>
      levels === 0 ? hex('0500') : tlv(0x30, nested(levels - 1))
    const named = (levels: number) => ({
      subjectAltNames: [
        { type: 'otherName', oid: '1.2.3', der: nested(levels).toString('base64') },
      ],
    })
    expect(parseSpec(named(13))).toMatchObject({
      ok: false,
      faults: [{ pointer: '/subjectAltNames/0/der' }],
    })
    const spec = parsedSpec(named(12))
    const { der, key } = await makeCsr(spec)
    expect(() => proveCsr(der, { spec, spki: key.spki })).not.toThrow()
  })
})
