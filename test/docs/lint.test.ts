/**
 * Holds the tables of docs/lint.md to the code. `npx vitest run docs/lint.test.ts -u`, in the folder `test`, writes them anew.
 */
import { join } from 'node:path'
import { findingKinds, profileNames, profiles } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import { readText, root } from './pages.ts'
import { plain, table, withTable } from './tables.ts'

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
