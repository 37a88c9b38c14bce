import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { faultOf } from './fault.ts'
import { type Input, readInput } from './read-input.ts'

/**
 * What a command needs beside its arguments: the bytes of a file, or of standard input for `-`.
 *
 * @throws Failure which names the file and what it is for
 */
export async function readNamed(file: string, input: Input): Promise<Buffer> {
  try {
    return await readInput(file, input)
  } catch (error) {
    throw unread(file, input.what, error)
  }
}

/** What reading a file has thrown, with the file and what it is for. */
export function unread(file: string, what: string, error: unknown): Failure {
  const { code, message, hint } = faultOf(error)
  const said = `The ${what} cannot be read from ${placeOf(file)}. ${message}`
  return new Failure(code, said, { hint, exitCode: exitCodes.unusable, cause: error })
}

export const placeOf = (file: string) => (file === '-' ? 'standard input' : file)
