import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { anchorOf, blocksOf, pages, readText, root, withoutBlocks } from './pages.ts'

const scripts = Object.keys(JSON.parse(readText('package.json')).scripts as object)
const npmOwn = ['ci', 'install', 'test', 'start']

test.each(pages)('%s: every relative link resolves, anchors included', (page) => {
  const broken = linksOf(page).filter((link) => !resolves(page, link))
  expect(broken).toEqual([])
})

test.each(pages)('%s: every file it names is there', (page) => {
  const missing = namedFiles(page).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test.each(pages)('%s: every npm script it names is there', (page) => {
  const named = [...readText(page).matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)]
    .filter(([text, name = '']) => text.startsWith('npm run') || npmOwn.includes(name))
    .map(([, name = '']) => name)
    .filter((name) => !['ci', 'install'].includes(name))
  expect(scripts).toEqual(expect.arrayContaining(named))
})

test('the first screen of the README is one sentence, one block and one picture', () => {
  const readme = readText('README.md')
  const [first] = blocksOf(readme)
  expect(first).toMatchObject({ language: 'sh', text: 'npm ci && npm run demo\n', line: 5 })
  expect(readme.slice(0, readme.indexOf('## '))).toContain('](docs/flow.svg)')
})

const linksOf = (page: string) =>
  [...withoutBlocks(readText(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(target).includes(anchor)
}

const anchorsOf = (page: string) =>
  [...withoutBlocks(readText(page)).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => anchorOf(text))

/** What a page says in code marks that reads like a path of this project. */
function namedFiles(page: string): string[] {
  const prose = withoutBlocks(readText(page))
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  const commands = blocksOf(readText(page))
    .filter(({ language }) => language === 'sh' || language === 'text')
    .flatMap(({ text }) => text.split(/\s+/))
  return [...spans, ...commands]
    .map((word) => word.replace(/^\.\//, ''))
    .filter((word) => /^(apps|packages|test|docs|deploy|examples)(\/[\w.-]+)*$/.test(word))
}
