import { expect, test } from 'vitest'
import { idSchema, newKeyBody, policyChange, requestListQuery } from '../src/index.ts'

test('an id is a decimal string without leading zeros', () => {
  for (const id of ['1', '42', '100000000000000']) expect(idSchema.parse(id)).toBe(id)
  for (const id of ['0', '01', '-1', '1.5', 'x', '', '1 ', 1])
    expect(idSchema.safeParse(id).success).toBe(false)
})

test('a list has 100 entries unless told, and refuses a cursor that no answer gave', () => {
  expect(requestListQuery.parse({}).limit).toBe(100)
  expect(requestListQuery.safeParse({ limit: '0' }).success).toBe(false)
  expect(requestListQuery.safeParse({ limit: '201' }).success).toBe(false)
  expect(requestListQuery.safeParse({ cursor: 'a b' }).success).toBe(false)
})

test('what a body does not have is a fault', () => {
  expect(newKeyBody.safeParse({ privateKey: 'x', custdy: 'internal' }).success).toBe(false)
  expect(policyChange.safeParse({ lxcaSpec: 'CNSA' }).success).toBe(false)
})
