import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const source = join(import.meta.dirname, '../src/index.ts')

/** Runs a program that is the body of an async function. */
function run(body: string) {
  const program = `
    import { runProgram, SettingsError, SetupError } from ${JSON.stringify(source)}
    await runProgram(async () => { ${body} })
    console.log('after')`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program],
    {
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

test('a program that starts goes on', () => {
  expect(run('')).toEqual({ status: 0, stdout: 'after\n', stderr: '' })
})

test('a program that is set up wrongly says what to mend, without a stack, and ends with 78', () => {
  expect(run(`throw new SetupError('Mend it.')`)).toEqual({
    status: 78,
    stdout: '',
    stderr: 'Mend it.\n',
  })
  expect(run(`throw new SettingsError(['PORT: must be set'])`)).toMatchObject({
    status: 78,
    stderr: expect.stringContaining('  - PORT: must be set'),
  })
})

test('a program that has a bug shows where, and ends with 1', () => {
  const { status, stderr } = run(`throw new TypeError('a bug')`)
  expect(status).toBe(1)
  expect(stderr).toMatch(/TypeError: a bug\n +at /)
})
