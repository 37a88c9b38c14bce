import { totalmem } from 'node:os'

const share = 0.25
const least = 256 * 1024 * 1024

/** The default of `maxmemory`, in bytes: a quarter of what the machine, or the container, has. */
export function memoryShare(): number {
  const limit = process.constrainedMemory()
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return Math.max(least, Math.floor(memory * share))
}
