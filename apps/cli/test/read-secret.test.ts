import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { askHidden } from '../src/read-secret.ts'

test('what is typed is not shown, and nothing in the question acts on the terminal', async () => {
  const { asked, shown, input } = ask('Password of \u001b[2J: ')
  input.write('correct horse\r')
  expect(await asked).toBe('correct horse')
  expect(shown()).toBe('Password of \\u{1b}[2J: \n')
})

test('an input that ends before its line has no password', async () => {
  const { asked, input } = ask('Password: ')
  input.end()
  await expect(asked).rejects.toMatchObject({ code: 'input_missing' })
})

function ask(prompt: string) {
  const input = new PassThrough()
  const output = new PassThrough().setEncoding('utf8')
  const asked = askHidden(prompt, input, output)
  return { input, asked, shown: () => String(output.read()) }
}
