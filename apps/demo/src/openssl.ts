import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DemoError } from './demo-error.ts'

const run = promisify(execFile)

/** The name and version of the `openssl` on PATH; undefined where there is none. */
export async function opensslVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run('openssl', ['version'])
    return stdout.split(' ').slice(0, 2).join(' ').trim()
  } catch {
    return undefined
  }
}

/**
 * Has OpenSSL verify the signature of a CSR with the public key in it.
 *
 * @throws {DemoError} with OpenSSL's words when it does not
 */
export async function verifyWithOpenssl(file: string, signal: AbortSignal): Promise<void> {
  const said = await run('openssl', ['req', '-in', file, '-verify', '-noout'], { signal }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    (error: Error & { stderr?: string }) => error.stderr || error.message,
  )
  signal.throwIfAborted()
  // Before 3.0 it exits with 0 whatever it found: only its words tell.
  if (!/verify OK/i.test(said)) {
    throw new DemoError(`OpenSSL does not verify it: ${said.trim().replaceAll('\n', ' ')}`)
  }
}
