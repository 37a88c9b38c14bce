import { execFile } from 'node:child_process'
import type { Environment } from '../config.ts'

/** How a short-lived tool ended. */
export interface ToolResult {
  readonly ok: boolean
  readonly stdout: string
  /** What to tell a person about a failure: the tool's last words. */
  readonly complaint: string
}

/**
 * Runs a tool to its end and never throws: that a tool is missing, fails, or takes too long are
 * three ordinary ways of not finding a server.
 */
export function runTool(
  command: readonly [string, ...string[]],
  options: { readonly env: Environment; readonly timeoutMs: number; readonly cwd?: string },
): Promise<ToolResult> {
  const [file, ...args] = command
  const { env, timeoutMs, cwd } = options
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      {
        env: { ...env },
        cwd,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const complaint = error === null ? '' : complaintOf(error, stderr, timeoutMs)
        resolve({ ok: error === null, stdout, complaint })
      },
    )
  })
}

function complaintOf(
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
  timeoutMs: number,
): string {
  if (error.killed === true) return `no answer within ${timeoutMs / 1000} s`
  if (error.code === 'ENOENT') return 'not there'
  const lastWords = stderr.trim().split('\n').slice(-2).join(' ')
  return lastWords === '' ? error.message : withoutCredentials(lastWords)
}

/** Package sources and proxies may carry a user and password in their address. */
function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]+@/g, '//')
}
