/**
 * Runs the examples of docs/cli.md in an empty folder, in their order: every `sh` block but those that install. Where a
 * `text` block follows directly, it is what a terminal shows; a `json` block is what comes on standard output.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @boundaries-ignore the page is held to the program's own table, which no package exports
import { faultKinds } from '../../apps/cli/src/fault.ts'
import { blocksOf, readText, root, tableRows } from './pages.ts'

const run = promisify(execFile)
const page = readText('docs/cli.md')
const bin = JSON.parse(readText('apps/cli/package.json')).bin as { csrctl: string }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csr-foundry-cli-docs-'))
  await mkdir(join(folder, '.bin'))
  // As npm does it: so the file has to be executable and to name its interpreter.
  await symlink(join(root, 'apps/cli', bin.csrctl), join(folder, '.bin/csrctl'))
})

afterAll(() => rm(folder, { recursive: true }))

test('the examples show what the page says', async () => {
  const examples = examplesOf()
  expect(examples.length).toBeGreaterThan(4)
  for (const { script, answer, line } of examples) {
    const shown = await shell(answer?.language === 'json' ? script : `exec 2>&1\n${script}`)
    if (answer !== undefined) expect(shown, `docs/cli.md:${line}`).toBe(answer.text)
  }
})

test('every option of lint is in the table, and every row is an option', async () => {
  const help = await shell('csrctl lint --help')
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name)
  const rows = tableRows(page, ['option', 'does']).map(([option = '']) => option.split(' ')[0])
  expect(rows.toSorted()).toEqual(options.toSorted())
})

test('every code of a file that cannot be looked at is explained', () => {
  const rows = tableRows(page, ['error.code', 'means']).map(([code]) => code)
  expect(rows.toSorted()).toEqual(Object.keys(faultKinds).toSorted())
})

function examplesOf() {
  const blocks = blocksOf(page)
  return blocks.flatMap(({ language, text, line }, index) => {
    if (language !== 'sh' || /^(npm|export) /.test(text)) return []
    const next = blocks[index + 1]
    const answer = next?.directly && next.language !== 'sh' ? next : undefined
    return [{ script: text, answer, line }]
  })
}

/** What it writes on standard output. A command may fail: what it shows then is compared. */
async function shell(script: string): Promise<string> {
  const PATH = [join(folder, '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { PATH, NODE_COMPILE_CACHE: join(folder, '.compiled') }
  const { stdout } = await run('bash', ['-c', `${script}\nexit 0`], { cwd: folder, env })
  return stdout
}
