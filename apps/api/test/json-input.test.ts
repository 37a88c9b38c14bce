import { ServiceError } from '@csr-foundry/service'
import { expect, test } from 'vitest'
import { checkJson } from '../src/json-text.ts'

const check = (text: string) => {
  try {
    checkJson(new TextEncoder().encode(text).buffer)
    return 'passed'
  } catch (error) {
    return error instanceof ServiceError ? error.message : error
  }
}

test.each([
  '{}',
  'null',
  '"a:b"',
  '{"a":1,"b":{"a":1}}',
  '[{"a":1},{"a":1}]',
  '{"a":"\\"a\\":1","b":"\\\\"}',
  '{ "a" : 1 , "a " : "\\u0061" }',
  '{"__proto__":1,"constructor":2}',
])('%s passes', (text) => {
  expect(check(text)).toBe('passed')
})

test.each([
  '{"a":1,"a":1}',
  '[{"b":{"a":1,"c":{},"a":2}}]',
  '{"a":1,"\\u0061":2}',
  '{"__proto__":1,"__proto__":2}',
  '{"a"\n:1,"a"\t:"}"}',
])('%s has a name twice in one object: refused', (text) => {
  expect(check(text)).toContain('same name twice')
})

test('what does not parse is told by its place, without a word of it', () => {
  expect(check('')).toContain('is empty')
  expect(check('{"a":')).toBe('The body ends before its JSON does.')
  expect(check('{\n "a" 1}')).toBe('The JSON breaks at line 2, column 6.')
  expect(check('{"password": hunter2}')).toBe('The body is not well-formed JSON.')
  for (const text of ['\ufffd"', '{"a', '"\\"', '"'])
    expect(check(text)).toMatch(/^The (body|JSON) /)
})

test('nesting as deep as a body can be takes no stack', () => {
  const deep = 32_000
  expect(check('['.repeat(deep) + ']'.repeat(deep))).toBe('passed')
  expect(check(`${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`)).toBe('passed')
})
