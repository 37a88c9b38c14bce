#!/usr/bin/env node
/**
 * `csrctl`: looks at CSRs that are in files.
 *
 * Standard output has the results and nothing else, as lines or with --json as one JSON document. Standard error has one
 * line for each file that could not be read, and usage errors; each ends with what to do next. No control character of a
 * file, its name or an argument gets to the terminal. Colour is for terminals only and obeys NO_COLOR.
 *
 * Exit codes: 0 no errors (warnings are none), 1 a CSR has errors, 2 wrong usage, or a file could not be read, the output
 * not be written, or csrctl has a bug; 2 wins over 1. 141 when the reader of the output left, as of `csrctl … | head`.
 */
import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { exitCodes } from './exit-codes.ts'
import { addLint } from './lint.ts'
import { guardOutput, say } from './output.ts'

const program = new Command('csrctl')
  .description('Looks at certificate signing requests (PKCS#10).')
  .version(packageJson.version)
  .exitOverride()
  .showHelpAfterError('Run "csrctl --help" to see what it takes.')
  .configureOutput({ outputError: (text) => say(oneLine(text).replace(/^error: /, '')) })
addLint(program)

guardOutput()
try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** Commander gives a suggestion a line of its own. */
function oneLine(text: string): string {
  return text.trim().replaceAll('\n', ' ')
}

/** Commander ends by throwing, after it has said why; what else is thrown is a bug. */
function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    say(`It has a bug: ${error}. Please report it with the command that you ran.`)
    return exitCodes.unusable
  }
  return error.exitCode === 0 ? exitCodes.clean : exitCodes.unusable
}
