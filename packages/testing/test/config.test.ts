import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

test('TEST_REDIS names a way or is left to what is there', () => {
  expect(readConfig({ TEST_REDIS: 'embedded' }).redisWay).toBe('embedded')
  expect(readConfig({ TEST_REDIS: 'testcontainers' }).redisWay).toBe('testcontainers')
  expect(readConfig({ TEST_REDIS: '' }).redisWay).toBeUndefined()
  expect(readConfig({}).redisWay).toBeUndefined()
  expect(() => readConfig({ TEST_REDIS: 'docker' })).toThrow(/Set it to testcontainers or embedded/)
})
