import { expect, test } from 'vitest'
import { readText, tableRows } from './pages.ts'

const processes = ['api', 'worker', 'all-in-one'] as const
const rows = tableRows(readText('docs/settings.md'), ['name', 'default', 'processes', 'meaning'])

/** What a `config.ts` reads: the name of each setting, with its default where it has one. */
function settingsOf(process: (typeof processes)[number]): Map<string, string> {
  const source = readText(`apps/${process}/src/config.ts`)
  const [, shape = ''] =
    /const schema = \{(.*?)\n\}\n/s.exec(source) ??
    /parseSettings\(\s*\{(.*?)\n {4}\},\n/s.exec(source) ??
    []
  const settings = new Map<string, string>()
  for (const [, name = '', schema = ''] of shape.matchAll(
    /^ +([A-Z][A-Z0-9_]+):(.*(?:\n(?! +[A-Z][A-Z0-9_]+:).*)*)/gm,
  )) {
    settings.set(name, defaultIn(schema))
    if (/\b(secret|password|token)Setting\b/.test(schema)) settings.set(`${name}_FILE`, '')
  }
  return settings
}

const defaultIn = (schema: string) =>
  (/\.default\(([^)]*)\)/.exec(schema)?.[1] ?? '')
    .replaceAll("'", '')
    .replace(/(?<=\d)_(?=\d)/g, '')

test.each(processes)('the table has exactly the settings of %s, with their defaults', (process) => {
  const documented = rows
    .filter(([, , where = '']) => where.split(', ').includes(process))
    .map(([name = '', byDefault = '']) => [name, byDefault])
  const real = [...settingsOf(process)]
  expect(real.length).toBeGreaterThan(0)
  expect(documented.toSorted()).toEqual(real.toSorted())
})

test('each setting has one row, and only processes that exist', () => {
  const names = rows.map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const [name, , where = '', meaning = ''] of rows) {
    expect(processes, name).toEqual(expect.arrayContaining(where.split(', ')))
    expect(meaning.length, name).toBeGreaterThan(20)
  }
})
