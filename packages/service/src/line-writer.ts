import { writeSync } from 'node:fs'

/** pino tells the level of a line to a stream that has this. */
const wantsLevel = Symbol.for('pino.metadata')
const warn = 40
/** Characters that are not kept back for the end of the turn. */
const mostKept = 16_384
/** How long (ms) a reader may leave a pipe full before lines are dropped: a log must never stop the service. */
const longestWait = 1_000
const pause = 5

/**
 * Writes log lines to a file descriptor: those of one turn of the event loop together when it ends, since a write costs more
 * than all the rest of a line.
 *
 * A warning or worse is written at once, with what was before it, and so is everything when the process ends or throws.
 * What a SIGKILL can take with it are the `info` lines of that very turn.
 */
export function lineWriter(descriptor: number) {
  let kept = ''
  let patience = longestWait
  const flush = () => {
    const lines = kept
    kept = ''
    // A reader that let us wait in vain is waited for again once it has read.
    if (lines !== '')
      patience = writeAll(descriptor, Buffer.from(lines), patience) ? longestWait : 0
  }
  process.on('exit', flush)
  return {
    [wantsLevel]: true,
    lastLevel: 0,
    write(line: string): void {
      if (kept === '') setImmediate(flush)
      kept += line
      if (this.lastLevel >= warn || kept.length > mostKept) flush()
    },
  }
}

/** Whether all of it was taken. Where nobody reads any more, or nothing can be written, there is nobody to tell. */
function writeAll(descriptor: number, bytes: Buffer, patience: number): boolean {
  const latest = Date.now() + patience
  for (let rest = bytes; rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
      if (!isFull || Date.now() >= latest) return false
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
  return true
}
