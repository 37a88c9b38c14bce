import { readFileSync } from 'node:fs'

/** Whether a process runs; one that has ended and awaits its parent's notice does not. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    // "pid (name) state …": the name may hold anything, a parenthesis too.
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}
