import { expect, test } from 'vitest'
import { maxShards, shardKeys, shardTag, shardTags, tenantKeys } from '../src/index.ts'
import { slotOf } from './slot-of.ts'

const slots = 16_384

test('slots are counted as the Redis Cluster specification counts them', () => {
  // The check value of CRC16/XMODEM, and the examples of the specification.
  expect(slotOf('123456789')).toBe(0x31c3)
  expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'))
  expect(slotOf('foo{}{bar}')).not.toBe(slotOf('bar'))
})

test.each(Array.from({ length: maxShards }, (_, i) => i + 1))(
  '%i shards lie in as many equal parts of the slots',
  (count) => {
    const parts = shardTags(count).map((tag) => Math.floor((slotOf(tag) * count) / slots))
    expect(parts.sort((a, b) => a - b)).toEqual(parts.map((_, part) => part))
  },
)

test('adding a shard moves none of those that are there', () => {
  for (let count = 1; count < maxShards; count++) {
    expect(shardTags(count + 1).slice(0, count)).toEqual(shardTags(count))
  }
  expect(shardTags(2)[1]).toBe(shardTag(1))
})

test('a shard beyond the table is refused, not made up', () => {
  expect(() => shardTag(maxShards)).toThrow(RangeError)
  expect(() => shardTag(-1)).toThrow(RangeError)
  expect(() => shardTags(maxShards + 1)).toThrow(RangeError)
})

const tenants = ['default', '{evil}', 'a{b']

test.each(tenants)('all keys of a shard and of tenant %s lie in the slot of its tag', (tenant) => {
  for (const tag of shardTags(maxShards)) {
    const makers = [...Object.values(shardKeys(tag)), ...Object.values(tenantKeys(tag, tenant))]
    const keys = makers.map((name) => (typeof name === 'string' ? name : name('{7}', '{7}')))
    expect(new Set(keys.map(slotOf)), keys.join(' ')).toEqual(new Set([slotOf(tag)]))
  }
})
