import type { Client } from '@csr-foundry/client'
import { batchMode, custody, keyAlgorithm } from '@csr-foundry/native-api'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { addOutOptions, checkOutOptions } from './batch/out-options.ts'
import type { SubmitOptions } from './batch/submit-file.ts'
import { serviceCommand, withClient } from './service-command.ts'

const about = `Hands a file of requests in, waits until they are made, and with --out writes the CSRs into a folder.

The file is NDJSON (a spec a line), CSV or a JSON array, also with gzip; docs/native-api.md has the specs, docs/cli.md the columns. Rows that are not valid are told and hold up no other. Standard error shows how far it is.

The same command goes on where it was interrupted, for 24 hours: a file is known by its content and the options, and handed in once.`

const keyHelp = 'names the batch in the service, in place of what the file and options give'

/** `csrctl submit FILE`: from a file of requests to a folder of CSRs. */
export function addSubmit(program: Command): void {
  const command = serviceCommand(program, 'submit', 'hands a file of requests in')
    .description(about)
    .argument('<file>', 'NDJSON, CSV or JSON, also with gzip; - is standard input')
    .addOption(
      new Option('--format <format>', "in place of what the file's name says").choices([
        'ndjson',
        'csv',
        'json',
      ]),
    )
    .addOption(
      new Option('--mode <mode>', 'partial leaves out rows that are not valid, atomic takes none')
        .choices(batchMode.options)
        .default('partial'),
    )
    .addOption(
      new Option('--key-algorithm <algorithm>', 'of rows that name no key').choices(
        keyAlgorithm.options,
      ),
    )
    .addOption(new Option('--custody <custody>', 'of rows that name none').choices(custody.options))
  addOutOptions(command)
    .option('--idempotency-key <key>', keyHelp, parseKey)
    .addOption(
      new Option('--again', 'makes a new batch of a file that was handed in before').conflicts(
        'idempotencyKey',
      ),
    )
    .action(withClient(submit))
}

function parseKey(value: string): string {
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(value)) return value
  throw new InvalidArgumentError(
    'It has 1 to 255 visible ASCII characters, without quotes and backslashes.',
  )
}

async function submit(client: Client, file: string, options: SubmitOptions, command: Command) {
  checkOutOptions(options, command)
  if (options.keysTo !== undefined && options.custody === 'internal') {
    command.error("error: '--keys-to' needs keys that may leave; '--custody internal' keeps them.")
  }
  if (file === '-' && options.keysTo === '-') {
    command.error("error: '-' is given twice, but standard input can be read once.")
  }
  // All that submits is loaded by this command alone.
  const { submitFile } = await import('./batch/submit-file.ts')
  await submitFile(client, file, options)
}
