import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createLogger, Secret } from '../src/index.ts'

const secret = new Secret('hunter2')
const holder = { name: 'x', nested: { list: [secret], map: new Map([['k', secret]]) }, secret }

test('a secret is revealed to who asks for it by name', () => {
  expect(secret.reveal()).toBe('hunter2')
  expect(new Secret(Buffer.from('ab')).reveal()).toEqual(Buffer.from('ab'))
})

test.each<[string, () => string]>([
  ['in a template', () => `${secret}`],
  ['joined to text', () => `a${String(secret)}`.concat(secret as unknown as string)],
  ['as JSON', () => JSON.stringify(holder)],
  ['inspected', () => inspect(holder, { depth: null, showHidden: true })],
  [
    'inspected without its own ways',
    () => inspect(secret, { customInspect: false, showHidden: true }),
  ],
  ['formatted', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['in an error', () => inspect(new Error(`for ${secret}`, { cause: holder }))],
  ['listed by its properties', () => JSON.stringify(Object.getOwnPropertyDescriptors(secret))],
  ['copied', () => inspect(structuredClone({ ...secret }))],
  ['as a key', () => Object.keys({ [String(secret)]: 1 }).join()],
])('a secret does not show %s', (_, show) => {
  expect(show()).not.toContain('hunter2')
})

test('a secret shows in no log line', () => {
  const lines: string[] = []
  const log = createLogger('test', 'trace', { write: (line) => lines.push(line) })
  log.info({ secret, holder, other: [secret] }, `with ${secret}`)
  log.info('formatted %s %j %o', secret, secret, secret)
  log.error({ err: new Error(`no ${secret}`, { cause: secret }) }, 'failed')
  expect(lines).toHaveLength(3)
  expect(lines.join()).toContain('[secret]')
  expect(lines.join()).not.toContain('hunter2')
})
