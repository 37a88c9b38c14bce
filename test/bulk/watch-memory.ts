import { readFileSync } from 'node:fs'

const every = 100

export type MemoryWatch = Disposable & {
  /** The most that it had beyond what it had at first, in bytes. */
  growth(): number
}

/** Watches the memory of a process that is in RAM (RSS), ten times a second. */
export function watchMemory(pid: number): MemoryWatch {
  const first = rssOf(pid)
  let peak = first
  const look = () => {
    peak = Math.max(peak, rssOf(pid))
  }
  const timer = setInterval(look, every)
  return {
    growth: () => {
      look()
      return peak - first
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}
