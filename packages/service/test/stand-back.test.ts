import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const module = new URL('../src/stand-back.ts', import.meta.url)
const program = `
  const { standBack } = await import('${module}')
  standBack(7)
  console.log(process.getBuiltinModule('os').getPriority())`

test.each([
  ['0', 7],
  ['7', 7],
  ['12', 12],
])('started under nice -n %s it has a niceness of %i, and never a lower one', (own, niceness) => {
  const options = ['-n', own, process.execPath, '--input-type=module', '-e', program]
  expect(Number(execFileSync('nice', options, { encoding: 'utf8' }))).toBe(niceness)
})
