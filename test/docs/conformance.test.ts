/**
 * Holds the tables of docs/conformance.md to the readers. `npx vitest run docs/conformance.test.ts -u`, in the folder `test`,
 * writes them anew.
 */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { csrReaders } from '../conformance/readers/index.ts'
import { type TestedAlgorithm, testedAlgorithms } from '../conformance/readers/reader.ts'
import { readingFields } from '../conformance/readers/reading.ts'
import { readText, root } from './pages.ts'
import { table, withTable } from './tables.ts'

const path = 'docs/conformance.md'

const programs = table(
  ['reader', 'Debian packages'],
  csrReaders.map(({ name, debianPackages }) => [name, debianPackages.join(', ')]),
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

test('the tables say what each reader can read of each algorithm, as the suite takes it', async () => {
  const page = withTable(withTable(readText(path), programs), abilities)
  await expect(page).toMatchFileSnapshot(join(root, path))
})

/** Algorithms of which all readers can read the same fields stand together. */
function groups(): TestedAlgorithm[][] {
  const byAbilities = Map.groupBy(testedAlgorithms, (algorithm) =>
    JSON.stringify(csrReaders.map(({ can }) => can[algorithm])),
  )
  return [...byAbilities.values()]
}
