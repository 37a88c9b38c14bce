/**
 * Plays a terminal session and compares it. A session is written as a terminal shows it:
 *
 *     $ csrctl get 7
 *     csrctl: Request 7 is queued. Give it time with --wait SECONDS, or ask again later.
 *     [3]
 *
 * `[3]` is the exit code where it is not 0, and `…` stands for anything within a line, or for lines where it is alone. Both
 * outputs are shown as they come.
 */
import { execFile } from 'node:child_process'
import { access, mkdir, symlink } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { runHere } from './in-process.ts'

const run = promisify(execFile)
const program = resolve(import.meta.dirname, '../src/csrctl.js')
const separator = '\u001e'

type Step = { command: string; expected: string }

type Environment = Readonly<Record<string, string>>

/** Runs the commands in one shell, in a folder, and compares what is shown with what is written. */
export async function play(session: string, folder: string, environment: Environment) {
  const steps = stepsOf(session)
  compare(steps, await shell(steps, folder, environment))
}

/** The same within this process and its folder, for sessions that have `csrctl` with plain words alone. */
export async function playHere(session: string, environment: Environment): Promise<void> {
  const steps = stepsOf(session)
  const shown: string[] = []
  for (const { command } of steps) {
    const [program, ...args] = command.split(' ')
    if (program !== 'csrctl') throw new Error(`It needs a shell: ${command}`)
    const seen = await runHere(args, { environment })
    shown.push(shownOf(seen.shown, String(seen.code)))
  }
  compare(steps, shown)
}

function compare(steps: readonly Step[], shown: readonly string[]): void {
  // What fits is shown as it is written, so that only the difference differs.
  const seen = steps.map(({ command, expected }, i) => {
    const output = shown[i] ?? ''
    return `$ ${command}\n${patternOf(expected).test(output) ? expected : output}`
  })
  expect(seen.join('')).toBe(
    steps.map(({ command, expected }) => `$ ${command}\n${expected}`).join(''),
  )
}

function stepsOf(session: string): Step[] {
  const text = session.replace(/^\n+/, '').replace(/ *$/, '')
  const margin = /^ */.exec(text)?.[0] ?? ''
  const lines = text.split('\n').map((line) => line.slice(margin.length))
  const steps = lines.join('\n').split(/^\$ /m).slice(1)
  return steps.map((step) => {
    const end = step.indexOf('\n')
    return { command: step.slice(0, end), expected: step.slice(end + 1).replace(/\n+$/, '\n') }
  })
}

async function shell(steps: Step[], folder: string, environment: Environment) {
  const env = {
    ...environment,
    PATH: [await binFolder(folder), dirname(process.execPath), process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  }
  const commands = steps.map(
    ({ command }) => `${command}\nprintf '${separator}%d${separator}' $?\n`,
  )
  const script = `exec 2>&1 </dev/null\n${commands.join('')}`
  const { stdout } = await run('bash', ['-c', script], { cwd: folder, env })
  const parts = stdout.split(separator)
  return steps.map((_, i) => shownOf(parts[2 * i], parts[2 * i + 1]))
}

const shownOf = (output = '', code = '') => `${output}${code === '0' ? '' : `[${code}]\n`}`

/** As npm makes it: so the file has to be executable and to name its interpreter. */
async function binFolder(folder: string): Promise<string> {
  const bin = join(folder, '.bin')
  await mkdir(bin, { recursive: true })
  const link = join(bin, 'csrctl')
  await access(link).catch(() => symlink(program, link))
  return bin
}

function patternOf(expected: string): RegExp {
  const lines = expected.split(/^…\n/m).map((part) =>
    part
      .split('…')
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^\\n]*'),
  )
  return new RegExp(`^${lines.join('(?:[^\\n]*\\n)*')}$`)
}
