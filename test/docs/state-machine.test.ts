import { firstState, transitions } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { blocksOf, readText, tableRows } from './pages.ts'

const page = readText('docs/state-machine.md')
const end = '[*]'

const drawn = blocksOf(page)
  .filter(({ language }) => language === 'mermaid')
  .flatMap(({ text }) => [...text.matchAll(/^\s*(\S+) --> (\S+?)(?: : (\w+))?$/gm)])
  .map(([, from = '', to = '', name = '']) => ({ from, to, name }))

test('every arrow between states is a row of the table in code, and every row is drawn', () => {
  const arrows = drawn.filter(({ from, to }) => from !== end && to !== end)
  const rows = Object.entries(transitions).flatMap(([name, { from, to }]) =>
    from.map((state) => ({ from: state, to, name })),
  )
  expect(sorted(arrows)).toEqual(sorted(rows))
})

test('a request begins in the first state and ends when it is deleted', () => {
  expect(drawn.filter(({ from }) => from === end)).toEqual([
    { from: end, to: firstState, name: 'create' },
  ])
  expect(drawn.filter(({ to }) => to === end)).toEqual([{ from: 'deleted', to: end, name: '' }])
  const leaving = Object.values(transitions).flatMap(({ from }) => [...from] as string[])
  expect(leaving).not.toContain('deleted')
})

test('every transition is explained, with scripts that make it', () => {
  const rows = tableRows(page, ['transition', 'script'])
  expect(rows.map(([name]) => name).sort()).toEqual(['create', ...Object.keys(transitions)].sort())
  for (const [name = '', scripts = ''] of rows) {
    const files = [...scripts.matchAll(/\((\S+\.lua)\)/g)].map(([, path = '']) =>
      readText(path.replace('../', '')),
    )
    expect(files.length, name).toBeGreaterThan(0)
    for (const script of files) expect(script, name).toMatch(movesBy(name))
  }
})

function movesBy(transition: string): RegExp {
  if (transition === 'create') return /'state', 'queued'/
  if (transition === 'fail') return /move\(tenant, waiting\[1\], 'fail'\)|'fail' or 'complete'/
  // Of a whole lot at once: its counts move together.
  if (transition === 'complete') return /'complete'[\s\S]*transitions\[transition\]\.to/
  return new RegExp(`move\\(tenant, id, '${transition}'\\)`)
}

const sorted = (arrows: readonly { from: string; to: string; name: string }[]) =>
  arrows.map(({ from, to, name }) => `${from} --> ${to} : ${name}`).sort()
