import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { faultsOfValue, isJson, pointerOf } from './answer-checker.ts'
import { type Content, document, operations, resolve, routes } from './document.ts'

test('a linter finds nothing in it', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const found = await lintFromString({ source: JSON.stringify(document), config })
  expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
})

test('it has every call that the application answers, and no other', () => {
  const told = operations.map(({ method, path }) => `${method} ${path}`)
  expect(told.toSorted()).toEqual(routes.toSorted())
})

test('it is OpenAPI 3.1, and names every operation once, by a verb and a noun', () => {
  expect(document.openapi).toMatch(/^3\.1\./)
  const names = operations.map(({ operation }) => operation.operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)+$/)
})

test.each(operations)(
  '$method $path: its examples are what its schemas say',
  ({ path, method, operation }) => {
    const at = (...parts: string[]) => pointerOf('paths', path, method.toLowerCase(), ...parts)
    const { requestBody, responses } = operation
    const faults = [
      ...faultsOfExamples(at('requestBody'), requestBody?.content),
      ...Object.entries(responses).flatMap(([status, response]) =>
        '$ref' in response ? [] : faultsOfExamples(at('responses', status), response.content),
      ),
    ]
    expect(faults).toEqual([])
  },
)

function faultsOfExamples(pointer: string, content: Content = {}): string[] {
  return Object.entries(content).flatMap(([mediaType, { examples = {} }]) =>
    Object.entries(examples).flatMap(([name, example]) => {
      const schema = pointer + pointerOf('content', mediaType, 'schema')
      return faultsOfValue(schema, resolve(example).value).map(
        (fault) => `${schema} ${name}: ${fault}`,
      )
    }),
  )
}

test('every body that is sent or answered as JSON has an example', () => {
  const without = operations.flatMap(({ operation: { operationId, requestBody, responses } }) =>
    [requestBody, ...Object.values(responses).map(resolve)].flatMap((one) =>
      Object.entries((one as { content?: Content } | undefined)?.content ?? {})
        .filter(([type, { examples = {} }]) => isJson(type) && Object.keys(examples).length === 0)
        .map(([type]) => `${operationId} ${type}`),
    ),
  )
  expect(without).toEqual(['getOpenapi application/json'])
})
