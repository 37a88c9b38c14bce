import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { say } from './output.ts'
import { createProgram } from './program.ts'

/** Runs a command line, without the name of the program. The process then has its exit code. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(args[0])
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = exitCodeOf(error)
  }
}

/** Commander ends by throwing, after it has said why; what else is thrown is a bug. */
function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    say(`It has a bug: ${error}. Please report it with the command that you ran.`)
    return exitCodes.unusable
  }
  return error.exitCode === 0 ? exitCodes.done : exitCodes.unusable
}
