/** Holds the tables of docs/cli.md, and of docs/client.md, to the code. Their examples run in ../pages. */
import { Client, ownCodes } from '@csr-foundry/client'
import { expect, test } from 'vitest'
// @boundaries-ignore the page is held to the program's own tables, which no package exports
import { exitCodes } from '../../apps/cli/src/exit-codes.ts'
// @boundaries-ignore as above
import { failureKinds } from '../../apps/cli/src/failure.ts'
// @boundaries-ignore as above
import { faultKinds } from '../../apps/cli/src/fault.ts'
// @boundaries-ignore as above
import { createProgram } from '../../apps/cli/src/program.ts'
import { readText, tableRows } from './pages.ts'

const page = readText('docs/cli.md')
const clientPage = readText('docs/client.md')

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
