import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve(import.meta.dirname, '../src/main.ts')

/** The demo as its user runs it, in folders of its own. */
export type RunningDemo = AsyncDisposable & {
  readonly cwd: string
  readonly process: ChildProcess
  /** The exit code, once all its output has come. */
  readonly exited: Promise<number | null>
  stdout(): string
  stderr(): string
  /** Command lines of the processes on this machine that come from this run, its own included. Linux only. */
  running(): Promise<string[]>
  /** What it left in the folder for temporary files. */
  leftovers(): Promise<string[]>
}

export async function startDemo(...args: readonly string[]): Promise<RunningDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-demo-test-'))
  const [cwd, temporary] = [join(folder, 'cwd'), join(folder, 'tmp')]
  await Promise.all([mkdir(cwd), mkdir(temporary)])
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  // Each start of a process costs the tests a second, and one worker is enough for a fleet.
  const own = { TMPDIR: temporary, WORKER_PROCESSES: '1', WORKER_NICENESS: '0' }
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  return {
    cwd,
    process: child,
    exited,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    running: () => processesOf(temporary),
    leftovers: () => readdir(temporary),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true })
    },
  }
}

/** Every process of a run has its folder for temporary files in the environment, orphans too. */
async function processesOf(temporary: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    pids.map(async (pid) => {
      const text = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [environment, command] = await Promise.all([text('environ'), text('cmdline')])
      const isOurs = environment.includes(temporary) || command.includes(temporary)
      return isOurs ? [command.replaceAll('\0', ' ').trim()] : []
    }),
  )
  return commands.flat()
}
