/**
 * Runs the examples of docs/cli.md in an empty folder, in their order: every `sh` block but those that install. Where a
 * block of another language follows directly, it is what the command shows.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
    const shown = await shell(script)
    if (answer !== undefined) expect(shown, `docs/cli.md:${line}`).toBe(answer)
  }
})

test('every option of lint is in the table, and every row is an option', async () => {
  const help = await shell('csrctl lint --help')
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name)
  const rows = tableRows(page, ['option', 'does']).map(([option = '']) => option.split(' ')[0])
  expect(rows.toSorted()).toEqual(options.toSorted())
})

function examplesOf() {
  const blocks = blocksOf(page)
  return blocks.flatMap(({ language, text, line }, index) => {
    if (language !== 'sh' || /^(npm|export) /.test(text)) return []
    const next = blocks[index + 1]
    const answer = next?.directly && next.language !== 'sh' ? next.text : undefined
    return [{ script: text, answer, line }]
  })
}

/** What a person at a terminal would see of it. */
async function shell(script: string): Promise<string> {
  const PATH = [join(folder, '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { PATH, NODE_COMPILE_CACHE: join(folder, '.compiled') }
  const command = ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`]
  const { stdout } = await run('bash', command, { cwd: folder, env })
  return stdout
}
