import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

const program = (body: string) => `
  import { createLogger } from '${new URL('../src/logger.ts', import.meta.url)}'
  const log = createLogger('test', 'info')
  ${body}`

/** Lines that a program wrote until it ended, however it did. */
async function linesOf(body: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(body)], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('close', () => resolve())
  await promise
  return [...text.matchAll(/"msg":"([^"]*)"/g)].map(([, message = '']) => message)
}

const hundred = Array.from({ length: 100 }, (_, i) => `line ${i}`)
const logHundred = "for (let i = 0; i < 100; i++) log.info('line ' + i);"

test.concurrent.each([
  ['by process.exit', 'process.exit(3)'],
  ['by a throw that nobody catches', "throw new Error('bug')"],
])('no line is lost when a process ends %s', async (_, end) => {
  expect(await linesOf(`${logHundred} ${end}`)).toEqual(hundred)
})

test.concurrent('a warning is there before anything else happens, with the lines before it', async () => {
  const lines = await linesOf(
    `${logHundred} log.warn('trouble'); process.kill(process.pid, 'SIGKILL')`,
  )
  expect(lines).toEqual([...hundred, 'trouble'])
})

test.concurrent('the lines of a turn are there when it is over', async () => {
  const lines = await linesOf(
    `${logHundred} setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')))`,
  )
  expect(lines).toEqual(hundred)
})
