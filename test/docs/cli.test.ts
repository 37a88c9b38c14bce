/**
 * Runs the examples of docs/cli.md in an empty folder and against a service that was just started, in their order: every
 * `sh` block but those that install. Where a `text` block follows directly, it is what a terminal shows; a `json` block is
 * what comes on standard output. `…` stands for anything. Then the example of docs/client.md.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client, ownCodes } from '@csr-foundry/client'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @boundaries-ignore the page is held to the program's own tables, which no package exports
import { exitCodes } from '../../apps/cli/src/exit-codes.ts'
// @boundaries-ignore as above
import { failureKinds } from '../../apps/cli/src/failure.ts'
// @boundaries-ignore as above
import { faultKinds } from '../../apps/cli/src/fault.ts'
// @boundaries-ignore as above
import { createProgram } from '../../apps/cli/src/program.ts'
import { password, type Service, startService } from '../e2e/start-service.ts'
import { blocksOf, readText, root, tableRows } from './pages.ts'

leakGuard()

const run = promisify(execFile)
const page = readText('docs/cli.md')
const clientPage = readText('docs/client.md')
const bin = JSON.parse(readText('apps/cli/package.json')).bin as { csrctl: string }

let folder: string
let starting: Promise<Service>
let service: Service | undefined

beforeAll(async () => {
  // It starts while the examples run that need none.
  starting = startService({ environment: { WORKER_PROCESSES: '1' } })
  starting.catch(() => {})
  folder = await mkdtemp(join(tmpdir(), 'csr-foundry-cli-docs-'))
  await mkdir(join(folder, '.bin'))
  // As npm does it: so the file has to be executable and to name its interpreter.
  await symlink(join(root, 'apps/cli', bin.csrctl), join(folder, '.bin/csrctl'))
})

afterAll(async () => {
  // Where it did not start, the test that awaits it says why.
  await starting.then(
    (started) => started[Symbol.asyncDispose](),
    () => {},
  )
  await rm(folder, { recursive: true })
})

const examples = examplesOf()
const serviceLine = page.slice(0, page.indexOf('\n## Which service')).split('\n').length

test('the examples of lint show what the page says, without a service', async () => {
  await follow(examples.filter(({ line }) => line < serviceLine))
})

test('all other examples show what the page says', async () => {
  service = await starting
  await follow(examples.filter(({ line }) => line >= serviceLine))
})

type Example = ReturnType<typeof examplesOf>[number]

async function follow(given: readonly Example[]): Promise<void> {
  expect(given.length).toBeGreaterThan(4)
  for (const { script, answer, line } of given) {
    const shown = await shell(answer?.language === 'json' ? script : `exec 2>&1\n${script}`)
    if (answer === undefined) continue
    // What fits is taken as it is written, so that a failure shows the difference.
    const fits = patternOf(answer.text).test(shown)
    expect(fits ? answer.text : shown, `docs/cli.md:${line}`).toBe(answer.text)
  }
}

test('the program of docs/client.md prints what the page says', async () => {
  const [program, answer] = blocksOf(clientPage)
  const args = ['--input-type=module', '--eval', program?.text ?? '']
  const { stdout } = await run(process.execPath, args, { cwd: join(root, 'test'), env: settings() })
  expect(stdout).toBe(answer?.text)
})

const commands = commandsOf(await createProgram())

test('every command is in the table, and every row is a command', () => {
  const rows = tableRows(page, ['command', 'needs the role', 'does'])
  const named = rows.map(([text = '']) => /\[csrctl ([a-z ]*[a-z])/.exec(text)?.[1])
  expect(named.toSorted()).toEqual(commands.map(({ name }) => name).toSorted())
})

test('every option is in a table, and every row is an option', () => {
  const shared = ['--url', '--json']
  const options = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => name === 'lint' || !shared.includes(option))
      .map((option) => `${name} ${option}`),
  )
  const lint = tableRows(page, ['option', 'does']).map(([option = '']) => `lint ${option}`)
  const others = tableRows(page, ['command', 'option', 'does']).map((row) =>
    row.slice(0, 2).join(' '),
  )
  const rows = [...lint, ...others].map((row) => /^.*?--[\w-]+/.exec(row)?.[0])
  expect(rows.filter((row) => row !== 'lint --help').toSorted()).toEqual(options.toSorted())
})

test('every code is explained: of files, of commands, of the client, of the end', () => {
  const files = tableRows(page, ['error.code', 'means']).map(([code]) => code)
  expect(files.toSorted()).toEqual(Object.keys(faultKinds).toSorted())
  const own = tableRows(clientPage, ['own code', 'means']).map(([code]) => code)
  expect(own.toSorted()).toEqual(Object.keys(ownCodes).toSorted())
  const rows = tableRows(page, ['code', 'means', 'exit code'])
  // What waitFor says, csrctl says in its own words.
  const { not_settled: _, ...told } = ownCodes
  const failures = [...Object.keys(failureKinds), ...Object.keys(told)]
  expect(rows.map(([code]) => code).toSorted()).toEqual(failures.toSorted())
  const ends = tableRows(page, ['code', 'lint', 'all other commands']).map(([code]) => Number(code))
  expect(ends.toSorted()).toEqual(Object.values(exitCodes).toSorted())
})

test('the exit codes of the page are those of the commands', () => {
  const rows = tableRows(page, ['code', 'means', 'exit code'])
  for (const [code, { exitCode }] of Object.entries(failureKinds)) {
    expect(rows.find(([name]) => name === code)?.[2], code).toBe(String(exitCode))
  }
})

test('every method of the client is named', () => {
  const client = new Client({ url: 'http://127.0.0.1:8080' })
  const rows = tableRows(clientPage, ['object', 'has']).map(([name = '', methods = '']) => [
    name.replace('client.', ''),
    methods.split(', '),
  ])
  const real = Object.entries(client).map(([name, resource]) => [name, methodsOf(resource)])
  expect(rows).toEqual(real)
})

const methodsOf = (resource: object) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((n) => n !== 'constructor')

type Tree = Awaited<ReturnType<typeof createProgram>>

/** All that can be run, with the names of their options. */
function commandsOf(command: Tree, path = ''): { name: string; options: string[] }[] {
  return command.commands.flatMap((inner) => {
    const name = `${path} ${inner.name()}`.trim()
    if (inner.commands.length > 0) return commandsOf(inner as Tree, name)
    return [{ name, options: inner.options.map(({ long }) => long ?? '') }]
  })
}

function examplesOf() {
  const blocks = blocksOf(page)
  return blocks.flatMap(({ language, text, line }, index) => {
    if (language !== 'sh' || /^(npm|export) /.test(text)) return []
    const next = blocks[index + 1]
    const answer = next?.directly && next.language !== 'sh' ? next : undefined
    return [{ script: text, answer, line }]
  })
}

function settings() {
  return {
    PATH: [join(folder, '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    ...(service && {
      CSRCTL_URL: service.url,
      CSRCTL_USER: 'admin',
      CSRCTL_PASSWORD: password,
    }),
  }
}

/** What it writes on standard output. A command may fail: what it shows then is compared. */
async function shell(script: string): Promise<string> {
  const options = { cwd: folder, env: settings() }
  const { stdout } = await run('bash', ['-c', `${script}\nexit 0`], options)
  return stdout
}

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
