import { exitCodes } from './exit-codes.ts'
import { visible } from './visible.ts'

/** Whether the terminal's last line is a progress bar, which is drawn again when it moves. */
export const lastLine = { isBar: false }

const eraseLine = '\r\u001b[K'

/** Says something on standard error, in one line. */
export function say(text: string): void {
  const place = lastLine.isBar ? eraseLine : ''
  process.stderr.write(`${place}csrctl: ${visible(text)}\n`)
}

/**
 * Ends the process when its output cannot be written. That it ends at once loses nothing: nobody
 * reads it any more, and what goes on could only fail again.
 */
export function guardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.readerGone)
    say(`The output cannot be written (${error.code}). Check the disk or pipe that it goes to.`)
    process.exit(exitCodes.unusable)
  })
  // Where nobody reads what went wrong, somebody may still read the results.
  process.stderr.on('error', () => {})
}
