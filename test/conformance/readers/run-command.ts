import { execFile } from 'node:child_process'

/** What a program wrote and how it ended. `stdout` and `stderr` are its bytes. */
export type Outcome = { exitCode: number; stdout: Buffer; stderr: Buffer }

/** The environment of every foreign program: its messages are not translated. */
const environment = () => ({ ...process.env, LC_ALL: 'C.UTF-8' })

/**
 * Runs a program to its end with `input` as its stdin. Rejects if it cannot be run, and if it is
 * not done in a minute.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  input: Buffer | string = '',
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = {
      encoding: 'buffer',
      timeout: 60_000,
      maxBuffer: 64 << 20,
      env: environment(),
    } as const
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr })
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr })
      else reject(new Error(`${command} ${args.join(' ')}: ${stderr}`, { cause: error }))
    })
    // It may refuse before it has read all: its exit code says so.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** What a program writes to stdout if it can be run and succeeds, otherwise undefined. */
export async function outputOf(
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runCommand(command, args)
    return exitCode === 0 ? stdout.toString('utf8').trim() : undefined
  } catch {
    return undefined
  }
}

/** Maps with so many at a time, in order. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const left = items.entries()
  const worker = async () => {
    for (const [index, item] of left) results[index] = await map(item)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}
