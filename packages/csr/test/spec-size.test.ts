import { describe, expect, it } from 'vitest'
import { faultsOf } from './faults-of.ts'

describe('what would be too much', () => {
  const many = (count: number, value: unknown) => Array(count).fill(value)

  it.each<[string, object, string, string]>([
    [
      'names',
      { subjectAltNames: many(1001, 0) },
      '/subjectAltNames',
      'has 1001 names; at most 1000',
    ],
    ['RDNs', { subject: many(30_000, 0) }, '/subject', 'has 30000 RDNs; at most 1000'],
    ['attributes of an RDN', { subject: [many(101, 0)] }, '/subject/0', 'has 101 attributes'],
    ['texts of a field', { subject: { OU: many(101, 'a') } }, '/subject/OU', 'has 101 texts'],
    [
      'key usages',
      { subject: { CN: 'a' }, extensions: { keyUsage: many(32_000, 0) } },
      '/extensions/keyUsage',
      'has 32000 key usages',
    ],
    [
      'raw extensions',
      { subject: { CN: 'a' }, extensions: { raw: many(101, 0) } },
      '/extensions/raw',
      'has 101 extensions',
    ],
    [
      'A-labels',
      {
        subjectAltNames: Array.from({ length: 999 }, (_, i) => ({
          type: 'dns',
          value: `${'ü.'.repeat(30)}${i}ü`,
        })),
      },
      '/subjectAltNames',
      'characters together',
    ],
  ])('%s: is one fault', (_, input, pointer, detail) => {
    const faults = faultsOf(input).filter((fault) => fault.pointer === pointer)
    expect(faults).toEqual([{ pointer, detail: expect.stringContaining(detail) }])
  })

  it('faults are told up to a hundred, and how many more there are', () => {
    const faults = faultsOf({ subject: many(500, []) })
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toEqual({ pointer: '', detail: expect.stringContaining('more faults') })
  })
})
