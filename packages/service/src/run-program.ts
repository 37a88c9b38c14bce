/**
 * How a program of this service begins and how it fails to.
 *
 * Rules: an error that its reader can mend is printed as its message alone; one that is a bug with its stack. The exit code
 * tells an owner whether starting again can help.
 */

/** The exit code of a process that cannot work as it is set up (EX_CONFIG of sysexits.h). */
export const setupExitCode = 78

/** The process cannot work as it is set up: starting it again changes nothing. The message says what does. */
export class SetupError extends Error {
  override readonly name: string = 'SetupError'
}

/** Runs the program; ends the process when it cannot start: exit code 78 for a {@link SetupError}, 1 for all else. */
export async function runProgram(program: () => Promise<void>): Promise<void> {
  try {
    await program()
  } catch (error) {
    const isSetup = error instanceof SetupError
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${isSetup ? error.message : stack}\n`)
    process.exit(isSetup ? setupExitCode : 1)
  }
}
