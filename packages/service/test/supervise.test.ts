import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { describe, expect, type TestContext, test, vi } from 'vitest'
import { createLogger, SupervisedProcess } from '../src/index.ts'

leakGuard()

type Line = { msg: string; child?: string; code?: number; signal?: string; rest?: number }

function supervise(
  { onTestFinished }: TestContext,
  kind: string,
  environment: NodeJS.ProcessEnv = {},
) {
  const messages: unknown[] = []
  const lines: Line[] = []
  let hopeless = 0
  const log = createLogger('test', 'info', { write: (line) => lines.push(JSON.parse(line)) })
  const script = join(import.meta.dirname, 'supervised-program.ts')
  const child = new SupervisedProcess({ name: kind, arguments: [script, kind], environment }, log, {
    onMessage: (message) => messages.push(message),
    onHopeless: () => {
      hopeless += 1
    },
  })
  onTestFinished(() => child.stop(0))
  return { child, messages, lines, hopeless: () => hopeless }
}

/** Whether a process is there and no zombie. */
function runs(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const started = (messages: unknown[], times = 1) =>
  vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(times), 5_000)

describe.concurrent('a supervised process', () => {
  test('has its arguments and environment, and its owner hears what it sends', async (context) => {
    const { child, messages } = supervise(context, 'plain', { MARK: 'x' })
    await started(messages)
    expect(messages).toEqual([{ pid: child.pid }])
    const variables = readFileSync(`/proc/${child.pid}/environ`, 'utf8').split('\0')
    expect(variables).toContain('MARK=x')
    expect(variables.some((variable) => variable.startsWith('HOME='))).toBe(false)
  })

  test('that is killed is started again, as another process', async (context) => {
    const { child, messages, lines } = supervise(context, 'plain')
    await started(messages)
    const first = child.pid ?? 0
    process.kill(first, 'SIGKILL')
    await started(messages, 2)
    expect(child.pid).not.toBe(first)
    expect(messages[1]).toEqual({ pid: child.pid })
    expect(lines).toMatchObject([
      { msg: 'a child process ended', child: 'plain', signal: 'SIGKILL', rest: 100 },
    ])
  })

  test('that keeps ending rests longer each time', async (context) => {
    const { lines } = supervise(context, 'ending')
    await vi.waitFor(() => expect(lines.length).toBeGreaterThanOrEqual(3), 6_000)
    expect(lines.slice(0, 3).map(({ rest }) => rest)).toEqual([100, 200, 400])
    expect(lines[0]).toMatchObject({ child: 'ending', code: 3 })
  })

  test('that cannot work as it is set up is tried again after the longest rest, and its owner hears so', async (context) => {
    const { child, messages, lines, hopeless } = supervise(context, 'hopeless')
    await vi.waitFor(() => expect(lines).toHaveLength(1), 5_000)
    expect(lines[0]).toMatchObject({ child: 'hopeless', code: 78, rest: 5_000 })
    expect(hopeless()).toBe(1)
    expect(messages).toHaveLength(1)
    expect(child.pid).toBeUndefined()
  })

  test('that ends for any other reason is no hopeless one', async (context) => {
    const { lines, hopeless } = supervise(context, 'ending')
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), 5_000)
    expect(hopeless()).toBe(0)
  })

  test('does not hear the Ctrl-C of its owner: it leads a process group of its own', async (context) => {
    const { child, messages } = supervise(context, 'plain')
    await started(messages)
    const [, , group] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    expect(Number(group)).toBe(child.pid)
  })

  test('is asked to end by stop, gone when that resolves, and not started again', async (context) => {
    const { child, messages, lines } = supervise(context, 'plain')
    await started(messages)
    const pid = child.pid ?? 0
    await child.stop(5_000)
    expect(runs(pid)).toBe(false)
    await delay(300)
    expect(child.pid).toBeUndefined()
    expect(messages).toHaveLength(1)
    expect(lines).toEqual([])
  })

  test('that ignores the asking is killed at the deadline', async (context) => {
    const { child, messages } = supervise(context, 'stubborn')
    await started(messages)
    const pid = child.pid ?? 0
    const begun = Date.now()
    await child.stop(1_500)
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_490)
    // What it sent before it ended may come after the news of its end.
    await vi.waitFor(() => expect(messages[1]).toBe('no'), 5_000)
    expect(runs(pid)).toBe(false)
  })

  test('is stopped at once while it rests', async (context) => {
    const { child, lines } = supervise(context, 'hopeless')
    await vi.waitFor(() => expect(lines.at(-1)?.rest).toBe(5_000), 6_000)
    const begun = Date.now()
    await child.stop(5_000)
    expect(Date.now() - begun).toBeLessThan(3_000)
  })

  test.runIf(process.platform === 'linux')(
    'leaves no core dump, whatever its owner may',
    async (context) => {
      const { child, messages } = supervise(context, 'plain')
      await started(messages)
      const limits = readFileSync(`/proc/${child.pid}/limits`, 'utf8')
      expect(limits).toMatch(/^Max core file size +0 +0 /m)
    },
  )
})
