import { pino } from 'pino'

/** pino tells the level of a line to a stream that has this. */
const wantsLevel = Symbol.for('pino.metadata')
const warn = 40
/** Characters that are not kept back for the end of the turn. */
const mostKept = 16_384

/**
 * Writes log lines to a file descriptor: those of one turn of the event loop together when it ends, since a write costs more
 * than all the rest of a line.
 *
 * A warning or worse is written at once, with what was before it, and so is everything when the process ends or throws.
 * What a SIGKILL can take with it are the `info` lines of that very turn.
 */
export function lineWriter(descriptor: number) {
  // It tries again where a pipe is full, and writes on where only a part was taken.
  const file = pino.destination({ dest: descriptor, sync: true })
  let kept = ''
  const flush = () => {
    const lines = kept
    kept = ''
    if (lines !== '') file.write(lines)
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
