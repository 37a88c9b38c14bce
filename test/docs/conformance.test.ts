/**
 * Holds the tables of docs/conformance.md to the readers and the mutations. `npx vitest run docs/conformance.test.ts -u`, in the folder `test`,
 * writes them anew.
 */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rowsOfSections } from '../conformance/mutations/all-rows.ts'
import { sections, sectionTitles } from '../conformance/mutations/rules.ts'
import { csrReaders } from '../conformance/readers/index.ts'
import { type TestedAlgorithm, testedAlgorithms } from '../conformance/readers/reader.ts'
import { readingFields } from '../conformance/readers/reading.ts'
import { readText, root } from './pages.ts'
import { plain, table, withTable } from './tables.ts'

const path = 'docs/conformance.md'

const programs = table(
  ['reader', 'Debian packages', 'version in Debian 12'],
  csrReaders.map(({ name, debianPackages, debianVersion }) => [
    name,
    debianPackages.join(', '),
    debianVersion.replace(/\.$/, ''),
  ]),
)

const abilities = table(
  ['algorithms', 'field', ...csrReaders.map(({ name }) => name)],
  groups().flatMap((algorithms) => {
    const [first = 'rsa-2048'] = algorithms
    return readingFields.map((field) => [
      algorithms.join(', '),
      field,
      ...csrReaders.map(({ can }) => can[first][field]),
    ])
  }),
)

const broken = table(
  ['about', 'rule', 'mutations'],
  sections.flatMap((section) =>
    Object.entries(rowsOfSections[section]).map(([rule, rows]) => [
      sectionTitles[section],
      plain(rule),
      String(rows.length),
    ]),
  ),
)

test('the tables say what each reader can read and which rules are broken, as the suite has them', async () => {
  const page = [programs, abilities, broken].reduce(withTable, readText(path))
  await expect(page).toMatchFileSnapshot(join(root, path))
})

/** Algorithms of which all readers can read the same fields stand together. */
function groups(): TestedAlgorithm[][] {
  const byAbilities = Map.groupBy(testedAlgorithms, (algorithm) =>
    JSON.stringify(csrReaders.map(({ can }) => can[algorithm])),
  )
  return [...byAbilities.values()]
}
