import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readText, root, tableRows } from './pages.ts'

const rows = tableRows(readText('docs/operations.md'), ['message', 'level', 'from', 'do'])

/** Every literal message that a part logs, with its level. */
const logged = globSync('{apps,packages}/*/src/**/*.ts', { cwd: root })
  .map(readText)
  .flatMap((source) => [
    ...source.matchAll(
      /\blog(\.\w+|\[[^\]]+\])\(\s*(?:(?:\{(?:(?!\blog[.[]).)*?\}|\w+),\s*)?'([^']+)'/gs,
    ),
  ])
  .flatMap(([, call = '', message = '']) => levelsIn(call).map((level) => `${level}: ${message}`))

test('every message of the log is explained with its level, and every explained one is logged', () => {
  const explained = rows.flatMap(([message, level = '']) =>
    levelsIn(level).map((one) => `${one}: ${message}`),
  )
  expect(explained.toSorted()).toEqual([...new Set(logged)].toSorted())
})

/** `.warn`, `[passes ? 'warn' : 'error']` and the table's `warn, error` alike. */
function levelsIn(text: string): string[] {
  return ['fatal', 'error', 'warn', 'info'].filter((level) => text.includes(level))
}
