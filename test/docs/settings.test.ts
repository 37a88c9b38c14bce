/** Holds the tables of docs/settings.md to what the programs read. `npm run docs:settings` writes them anew. */
import { join } from 'node:path'
import { secretSetting, wholeNumber } from '@csr-foundry/service'
import { expect, test } from 'vitest'
// @boundaries-ignore the page is held to what the programs declare, which no package exports
import { allInOneSettings, readConfig as readAllInOne } from '../../apps/all-in-one/src/config.ts'
// @boundaries-ignore as above
import { apiSettings, readConfig as readApi } from '../../apps/api/src/config.ts'
// @boundaries-ignore as above
import { readConfig as readWorker, workerSettings } from '../../apps/worker/src/config.ts'
import { readText, root, tableRows } from './pages.ts'
import { withSettings } from './settings-tables.ts'

const path = 'docs/settings.md'
const programs = { api: apiSettings, worker: workerSettings, 'all-in-one': allInOneSettings }

/** The page as it is to be. */
const written = () => withSettings(readText(path), programs)

test('the tables have every setting with its limits, its default and its words, as the programs have them', async () => {
  await expect(
    written(),
    `${path} is not true any more: npm run docs:settings`,
  ).toMatchFileSnapshot(join(root, path))
})

test.each([
  ['api', readApi],
  ['worker', readWorker],
  ['all-in-one', readAllInOne],
] as const)('what %s looks for in its environment is what the page has', (program, read) => {
  const asked = new Set<string>()
  const environment = new Proxy<Record<string, string>>(
    { REDIS_URL: 'redis://127.0.0.1' },
    {
      get(given, name: string) {
        asked.add(name)
        return given[name]
      },
    },
  )
  read(environment)
  const documented = tableRows(written(), ['name', 'takes', 'default', 'processes', 'meaning'])
    .filter(([, , , processes = '']) => processes.split(', ').includes(program))
    .map(([name]) => name)
  expect(documented.length).toBeGreaterThan(0)
  expect(documented.toSorted()).toEqual([...asked].toSorted())
})

const level = wholeNumber(0, 5_000).default(1_000).describe('How *much*.')
const page = (names: string) => `# Page\n\n<!-- settings: ${names} -->\n\n| old |\n\nEnd.\n`

test('a table is written after its mark, and what is around it stays', () => {
  const secret = secretSetting('a word').optional().describe('This | that.')
  const written = withSettings(page('WORD LEVEL'), {
    one: { LEVEL: level, WORD: secret },
    two: { LEVEL: level.default(2_000) },
  })
  expect(written).toBe(`# Page

<!-- settings: WORD LEVEL -->

| name | takes | default | processes | meaning |
| --- | --- | --- | --- | --- |
| \`WORD\` | a word |  | one | This \\| that. |
| \`WORD_FILE\` | a file |  | one | The same from a file: its text without the last line break. Set this or \`WORD\`, not both. |
| \`LEVEL\` | 0 to 5,000 | \`1000\` in one, \`2000\` in two | one, two | How *much*. |

End.
`)
})

test('a setting without words, without a place, or with two meanings is refused', () => {
  const untold = wholeNumber(0, 1)
  expect(() => withSettings(page('LEVEL'), { one: { LEVEL: untold } })).toThrow(/what LEVEL is/)
  expect(() => withSettings(page('LEVEL'), { one: { LEVEL: level, NEW: level } })).toThrow(
    /: NEW\./,
  )
  expect(() => withSettings(page('LEVEL GONE'), { one: { LEVEL: level } })).toThrow(/^GONE is no/)
  expect(() => withSettings(page('LEVEL LEVEL'), { one: { LEVEL: level } })).toThrow(/twice/)
  const other = { LEVEL: untold.describe('Another.') }
  expect(() => withSettings(page('LEVEL'), { one: { LEVEL: level }, two: other })).toThrow(
    /different/,
  )
})
