import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'

leakGuard()

const module = fileURLToPath(new URL('../src/logger.ts', import.meta.url))
const program = (lines: number) => `
const { createLogger } = await import(${JSON.stringify(module)})
const log = createLogger('test', 'info')
process.on('message', () => {
  for (let i = 0; i < ${lines}; i++) log[i < 50 ? 'info' : 'warn']({ i }, 'a line'.repeat(i < 50 ? 1 : 20))
  log.warn('the last')
  setTimeout(() => process.exit(0), 50)
})
process.send('ready')`

/** A process that logs; it starts to when it is told. */
function startLogging(lines = 50) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(lines)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  return { child, ready: once(child, 'message') }
}

test('a process whose log nobody reads any more works on and ends', async () => {
  const { child, ready } = startLogging()
  await ready
  child.stderr?.destroy()
  child.send('log')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a reader that does not read holds a process up for a moment, and not at every line', async () => {
  const { child, ready } = startLogging(2_000)
  child.stderr?.pause()
  await ready
  const started = performance.now()
  child.send('log')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('lines arrive whole and in their order', async () => {
  const { child, ready } = startLogging()
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  await ready
  child.send('log')
  await once(child, 'close')
  const lines = text.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).i)).toEqual([...Array(50).keys(), undefined])
})
