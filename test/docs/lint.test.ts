/**
 * Holds the tables of docs/lint.md to the code. `npx vitest run docs/lint.test.ts -u`, in the folder `test`, writes them anew.
 */
import { join } from 'node:path'
import { findingKinds, profileNames, profiles } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import { readText, root } from './pages.ts'

const path = 'docs/lint.md'

const findings = table(
  ['code', 'severity', 'rule', 'source'],
  Object.entries(findingKinds).map(([code, { severity, rule, source }]) => [
    `\`${code}\``,
    severity,
    plain(rule),
    plain(source),
  ]),
)

const profileTable = table(
  ['profile', 'for', 'takes away'],
  profileNames.map((name) => {
    const { about, allows = [] }: { about: string; allows?: readonly string[] } = profiles[name]
    return [`\`${name}\``, plain(about), allows.map((code) => `\`${code}\``).join(', ')]
  }),
)

test('the tables have every finding and every profile, as the code has them', async () => {
  const page = withTable(withTable(readText(path), findings), profileTable)
  await expect(page).toMatchFileSnapshot(join(root, path))
})

/** The page with this table in the place of the one with the same columns. */
function withTable(page: string, text: string): string {
  const [head = ''] = text.split('\n')
  const start = page.indexOf(`\n${head}\n`) + 1
  expect(start, `the page has a table with the columns ${head}`).toBeGreaterThan(0)
  const end = start + (/^(\|.*\n)+/.exec(page.slice(start))?.[0].length ?? 0)
  return page.slice(0, start) + text + page.slice(end)
}

function table(columns: string[], rows: string[][]): string {
  const lines = [columns, columns.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** A text in which Markdown finds nothing to do; a table ends a cell at every bar. */
function plain(text: string): string {
  return text.replace(/[\\`*<|]/g, '\\$&')
}
