import { describe, expect, it } from 'vitest'
import { type AttributeType, parseDirectoryName } from '../../src/index.ts'
import { rdns } from '../make-csr.ts'

describe('RFC 4514 text', () => {
  it('is in reverse order of the encoding', () => {
    expect(parseDirectoryName('CN=x,O=y,C=US')).toEqual({
      ok: true,
      value: rdns(['C', 'US'], ['O', 'y'], ['CN', 'x']),
    })
  })

  it('may have several attributes in one RDN', () => {
    expect(parseDirectoryName('OU=Sales+CN=J. Smith,DC=example,DC=net')).toEqual({
      ok: true,
      value: [
        [{ type: 'DC', value: 'net' }],
        [{ type: 'DC', value: 'example' }],
        [
          { type: 'OU', value: 'Sales' },
          { type: 'CN', value: 'J. Smith' },
        ],
      ],
    })
  })

  it.each<[string, string, AttributeType?]>([
    ['CN=James \\"Jim\\" Smith\\, III', 'James "Jim" Smith, III'],
    ['CN=Before\\2cAfter', 'Before,After'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'Lučić'],
    ['CN=Lučić', 'Lučić'],
    ['CN=\\F0\\9F\\98\\80', '😀'],
    ['CN=\\ a\\ ', ' a '],
    ['CN=\\20a\\20', ' a '],
    ['CN=\\#1', '#1'],
    ['CN=a#1', 'a#1'],
    ['CN=a=b', 'a=b'],
    ['CN=a\\=b\\+c\\;d\\<e\\>f\\\\g', 'a=b+c;d<e>f\\g'],
    ['CN=\\\\2c', '\\2c'],
    ['cn=x', 'x'],
    ['commonName=x', 'x'],
    ['2.5.4.3=x', 'x'],
    ['givenName=Ada', 'Ada', 'GN'],
    ['STREET=Main St', 'Main St', 'street'],
  ])('%s', (text, value, type = 'CN') => {
    expect(parseDirectoryName(text)).toEqual({ ok: true, value: rdns([type, value]) })
  })

  it('may have spaces after a separator', () => {
    expect(parseDirectoryName('CN=x, C=US')).toEqual({
      ok: true,
      value: rdns(['C', 'US'], ['CN', 'x']),
    })
  })

  it.each([
    ['', /is empty/],
    ['CN', /type=value/],
    ['=x', /type=value/],
    ['CN=x,', /type=value/],
    ['CN=x,,C=US', /type=value/],
    ['CN=', /CN that is empty/],
    ['XY=x', /attribute type "XY"/],
    ['9.5.4.999=x', /attribute type/],
    ['CN=#04024869', /hexadecimal DER/],
    ['CN= x', /starts or ends with a space/],
    ['CN=x ,C=US', /starts or ends with a space/],
    ['CN=a;C=US', /has ; as it is/],
    ['CN="a"', /has " as it is/],
    ['CN=a\\', /escapes nothing/],
    ['CN=a\\xb', /escapes nothing/],
    ['CN=a\\C4', /not UTF-8/],
    ['CN=a\\00b', /control character/],
    ['CN=a+CN=b', /CN twice/],
    ['C=us', /C that is not upper case/],
    [`CN=${'a'.repeat(65)}`, /CN that has 65 characters; at most 64/],
    [`CN=${'a'.repeat(20_000)}`, /at most 16384/],
  ])('is refused: %s', (text, message) => {
    expect(parseDirectoryName(text)).toEqual({ ok: false, message: expect.stringMatching(message) })
  })
})
