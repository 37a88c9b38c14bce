import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { DemoError } from './demo-error.ts'
import type { Credentials } from './lxca-client.ts'

export type CsrctlCall = {
  /** Its program. */
  readonly csrctl: string
  readonly environment: NodeJS.ProcessEnv
  readonly url: string
  readonly administrator: Credentials
  readonly signal: AbortSignal
}

/**
 * Runs csrctl as somebody at a shell would; gives its results. Where standard error is a terminal, it has csrctl's progress bar;
 * elsewhere what csrctl says there is given as well.
 *
 * @throws {DemoError} with what it said, where it did not do all that it was asked for
 */
export async function runCsrctl(
  args: readonly string[],
  { csrctl, environment, url, administrator, signal }: CsrctlCall,
): Promise<{ stdout: string; said: string }> {
  const env = {
    ...environment,
    CSRCTL_URL: url,
    CSRCTL_TOKEN: '',
    CSRCTL_USER: administrator.name,
    CSRCTL_PASSWORD: administrator.password,
  }
  const child = spawn(process.execPath, [csrctl, ...args], {
    env,
    signal,
    // It then puts the terminal in order. One is enough: a Ctrl-C on the terminal reaches the demo alone.
    killSignal: 'SIGINT',
    detached: true,
    stdio: ['ignore', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
  })
  const outputs = Promise.all([child.stdout, child.stderr].map((each) => (each ? text(each) : '')))
  const closed = new Promise((resolve) => child.once('close', resolve))
  // An abort comes as an error, before the process has ended.
  child.once('error', () => {})
  await closed
  signal.throwIfAborted()
  const [stdout = '', said = ''] = await outputs
  if (child.exitCode === 0) return { stdout, said }
  throw new DemoError(`csrctl ended with ${child.exitCode}: ${`${stdout}${said}`.trim()}`)
}
