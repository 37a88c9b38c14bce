#!/usr/bin/env node
/**
 * `csrctl`: looks at CSRs that are in files, and works with a csr-foundry.
 *
 * Standard output has the results and nothing else, as lines or with --json as one JSON document. Standard error has one
 * line for each thing that went wrong, and usage errors; each ends with what to do next. No control character of a file,
 * its name, an argument or an answer gets to the terminal. Colour is for terminals only and obeys NO_COLOR. Passwords and
 * tokens come from the environment, files, standard input or a prompt, never from arguments; of them only a new token is
 * printed. Ctrl-C leaves at once; where a batch is handed in or waited for, it says how to go on.
 *
 * Exit codes: 0 done, for lint no errors (warnings are none). 1 a CSR has errors, or the service said no. 2 wrong usage or
 * settings, a file could not be read, the output not be written, or csrctl has a bug. 3 the service cannot be reached or is
 * busy, or what was asked for is not done yet. 4 the credentials are missing or wrong, or lack the role. In lint 2 wins
 * over 1. 130 when Ctrl-C ended a batch's command. 141 when the reader of the output left, as of `csrctl … | head`.
 */
import { guardOutput } from './output.ts'
import { run } from './run.ts'

guardOutput()
await run(process.argv.slice(2))
