import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { password, type Service } from '../e2e/start-service.ts'

const program = resolve(import.meta.dirname, '../../apps/cli/src/csrctl.js')

/**
 * Runs csrctl as the administrator of a service; its progress is to be seen here. Gives its results.
 *
 * @throws Error where it did not do all that it was asked for
 */
export async function runCsrctl({ url }: Service, args: readonly string[]): Promise<string> {
  const { CSRCTL_TOKEN: _, ...environment } = process.env
  const env = { ...environment, CSRCTL_URL: url, CSRCTL_USER: 'admin', CSRCTL_PASSWORD: password }
  const child = spawn(process.execPath, [program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [results] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (child.exitCode === 0) return results
  throw new Error(`csrctl ${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}.`)
}
