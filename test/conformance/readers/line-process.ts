import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RawReading, toCommonForm } from './common-form.ts'
import type { RunningReader } from './reader.ts'
import type { Reading } from './reading.ts'

/** How long such a program may take for its first answer (it may compile itself) or the next one. */
const silence = 60_000

/** How much of what the program says on stderr is kept for an error. */
const keptComplaint = 4000

/**
 * Starts a program that reads a base64 DER a line and writes a `RawReading` in JSON a line, in the
 * same order, until its input ends.
 */
export function startLineProcess(command: string, args: readonly string[]): RunningReader {
  const child = spawn(command, args, { stdio: 'pipe' })
  // What it said before it died is what the reader of a failed test needs.
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptComplaint)
  })
  let spawnFault: Error | undefined
  child.on('error', (fault) => {
    spawnFault = fault
  })
  // A program that has died is noticed by its missing answers.
  child.stdin.on('error', () => undefined)
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  const next = async (): Promise<Reading> => {
    const line = await withinSilence(answers.next(), child)
    if (line === 'silent') throw new Error(`${command} gave no answer for ${silence} ms: ${said}`)
    if (line.done) {
      throw new Error(`${command} stopped before its last answer: ${said}`, { cause: spawnFault })
    }
    return toCommonForm(JSON.parse(line.value) as RawReading)
  }

  return {
    readAll: async (ders) => {
      const sent = send(child, ders)
      const readings: Reading[] = []
      for (let count = 0; count < ders.length; count++) readings.push(await next())
      await sent
      return readings
    },
    [Symbol.asyncDispose]: () => stop(child),
  }
}

/** Writes with the program's own pace; a program that no longer reads is not this one's fault. */
async function send(child: ChildProcessWithoutNullStreams, ders: readonly Buffer[]) {
  const lines = function* () {
    for (const der of ders) yield `${der.toString('base64')}\n`
  }
  await pipeline(Readable.from(lines()), child.stdin, { end: false }).catch(() => undefined)
}

async function withinSilence<Answer>(
  answer: Promise<Answer>,
  child: ChildProcessWithoutNullStreams,
): Promise<Answer | 'silent'> {
  const { promise, resolve } = Promise.withResolvers<'silent'>()
  const timer = setTimeout(() => {
    child.kill('SIGKILL')
    resolve('silent')
  }, silence)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.stdin.end()
  child.kill()
  await exit
}
