import { describe, expect, it } from 'vitest'
import { parseSpec, specSchema, withKey } from '../src/index.ts'
import { fault, pointersOf } from './faults-of.ts'

describe('a key that is there already', () => {
  it.each(['1', '42', '9999999999999999'])('is named by its id %s', (id) => {
    expect(parseSpec({ subject: { CN: 'a' }, key: { id } })).toMatchObject({
      ok: true,
      spec: { key: { id } },
    })
  })

  it.each(['', '0', '042', '1a', ' 1', '-1', '1.5', '12345678901234567'])('has no id %j', (id) => {
    expect(pointersOf({ subject: { CN: 'a' }, key: { id } })).toEqual(['/key/id'])
  })

  it('has no algorithm beside it', () => {
    expect(pointersOf({ subject: { CN: 'a' }, key: { id: '1', algorithm: 'rsa-2048' } })).toEqual([
      '/key/algorithm',
    ])
  })

  it('is looked at once its algorithm is known', () => {
    const spec = specSchema.parse({
      subject: { CN: 'a' },
      key: { id: '42' },
      extensions: { keyUsage: ['keyEncipherment'] },
    })
    expect(withKey(spec, { algorithm: 'rsa-2048' })).toEqual({
      ok: true,
      spec: { ...spec, key: { algorithm: 'rsa-2048', digest: 'sha256' } },
    })
    expect(withKey(spec, { algorithm: 'ecdsa-p256' })).toEqual({
      ok: false,
      faults: [fault('/extensions/keyUsage', /cannot do/)],
    })
  })

  it('signs with the digest that was asked for beside its id', () => {
    const spec = specSchema.parse({ subject: { CN: 'a' }, key: { id: '42', digest: 'sha384' } })
    expect(withKey(spec, { algorithm: 'rsa-2048' })).toMatchObject({
      ok: true,
      spec: { key: { algorithm: 'rsa-2048', digest: 'sha384' } },
    })
    expect(withKey(spec, { algorithm: 'ecdsa-p256' })).toEqual({
      ok: false,
      faults: [fault('/key/digest', /^is sha384; with ecdsa-p256 the digest can be sha256$/)],
    })
    expect(withKey(spec, { algorithm: 'ml-dsa-44' })).toEqual({
      ok: false,
      faults: [fault('/key/digest', /takes no digest: leave it out$/)],
    })
  })

  it('keeps the digest that was asked for beside its id, where its algorithm comes with another', () => {
    const parsed = parseSpec({ subject: { CN: 'a' }, key: { id: '42', digest: 'sha512' } })
    const spec = parsed.ok ? parsed.spec : undefined
    const result = spec && withKey(spec, { algorithm: 'rsa-2048', digest: 'sha256' })
    expect(result).toMatchObject({ spec: { key: { algorithm: 'rsa-2048', digest: 'sha512' } } })
  })
})
