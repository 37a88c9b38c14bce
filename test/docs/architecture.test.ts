import type { ShardTag } from '@csr-foundry/records'
import { expect, test } from 'vitest'
// @boundaries-ignore the page is held to the names themselves, which no package exports
import { installationKeys, shardKeys, tenantKeys } from '../../packages/records/src/keys.ts'
// @boundaries-ignore as above
import { scriptDefinitions } from '../../packages/records/src/scripts.ts'
import { readText, tableRows } from './pages.ts'

const page = readText('docs/architecture.md')

test('every script has one row, with what it does when memory is full, and every row is a script', () => {
  const documented = tableRows(page, ['script', 'does', 'memory full']).map(
    ([script = '', , full = '']) => [/^\[([\w-]+)\]/.exec(script)?.[1], /^\w+/.exec(full)?.[0]],
  )
  const real = Object.entries(scriptDefinitions).map(([name, { lua }]) => {
    // Redis lets a script with either flag begin when memory is full.
    const runs = /^#!lua flags=(allow-oom|no-writes)\n/.test(lua)
    return [name, runs ? 'runs' : 'refused']
  })
  expect(documented.toSorted()).toEqual(real.toSorted())
})

test('every key of Redis has a row', () => {
  const documented = tableRows(page, ['key', 'type', 'content'])
    .flatMap(([keys = '']) => keys.split(', '))
    .map(withoutNames)
  const shard = '{s}' as ShardTag
  const names = [installationKeys, shardKeys(shard), tenantKeys(shard, '<t>')].flatMap(namesIn)
  // What counts calls has a prefix alone.
  const missing = names.filter(
    (name) => !documented.some((key) => key === name || key === `${name}:…`),
  )
  expect(missing).toEqual([])
})

type Names = Record<string, string | ((one: string, other: string) => string)>

const namesIn = (names: Names) =>
  Object.values(names).map((name) =>
    withoutNames(typeof name === 'string' ? name : name('<id>', '<id>')),
  )

const withoutNames = (key: string) => key.replace(/<[^>]*>/g, '<>')
