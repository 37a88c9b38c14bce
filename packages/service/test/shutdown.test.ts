import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { describe, expect, type TestContext, test, vi } from 'vitest'

leakGuard()

/** Starts the program, awaits that it is ready, and gathers what it says. */
async function start({ onTestFinished }: TestContext, kind: string, { owned = false } = {}) {
  const script = join(import.meta.dirname, 'stopping-program.ts')
  const stdio = ['ignore', 'pipe', 'pipe', ...(owned ? (['ipc'] as const) : [])] as const
  const child: ChildProcess = spawn(process.execPath, [script, kind], { stdio: [...stdio] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  }
  // Not `close`, which never comes for a child whose owner has disconnected.
  const ends = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'))
  const exit = once(child, 'exit').then(async ([code, signal]) => {
    await Promise.all(ends)
    return { code, signal }
  })
  await vi.waitFor(() => expect(said.join('')).toContain('ready'), 5_000)
  return { child, exit, text: () => said.join('') }
}

const clean = { code: 0, signal: null }
const failed = { code: 1, signal: null }

describe.concurrent('a program', () => {
  test.for(['SIGTERM', 'SIGINT'] as const)(
    'stops on %s and ends with 0',
    async (signal, context) => {
      const { child, exit, text } = await start(context, 'quick')
      child.kill(signal)
      expect(await exit).toEqual(clean)
      expect(text()).toContain(`stop: ${signal}`)
      expect(text()).toContain('"msg":"stopping"')
    },
  )

  test('stops once, however many signals come', async (context) => {
    const { child, exit, text } = await start(context, 'slow')
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) {
      child.kill(signal)
      await delay(40)
    }
    expect(await exit).toEqual(clean)
    expect(text().match(/stop: /g)).toHaveLength(1)
  })

  test('that cannot stop says why and ends with 1', async (context) => {
    const { child, exit, text } = await start(context, 'failing')
    child.kill('SIGTERM')
    expect(await exit).toEqual(failed)
    expect(text()).toContain('it cannot stop')
  })

  test.for(['hanging', 'hanging-with-nothing-to-do'])(
    'that is %s ends with 1 at its deadline',
    async (kind, context) => {
      const { child, exit, text } = await start(context, kind)
      const started = Date.now()
      child.kill('SIGTERM')
      expect(await exit).toEqual(failed)
      expect(Date.now() - started).toBeGreaterThanOrEqual(390)
      expect(text()).toContain('stopping took too long')
    },
  )

  test('stops when its owner is gone', async (context) => {
    const { child, exit, text } = await start(context, 'quick', { owned: true })
    child.disconnect()
    expect(await exit).toEqual(clean)
    expect(text()).toContain('stop: owner gone')
  })

  test('stops when its owner was gone before it could listen', async (context) => {
    const { child, exit, text } = await start(context, 'late', { owned: true })
    child.disconnect()
    expect(await Promise.race([exit, delay(3_000, 'still running')])).toEqual(clean)
    expect(text()).toContain('stop: owner gone')
  })
})
