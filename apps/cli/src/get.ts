import { writeFile } from 'node:fs/promises'
import { type Client, ClientError } from '@csr-foundry/client'
import { type Command, Option } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { parseId } from './parse-id.ts'
import { wholeNumberOf } from './parse-option.ts'
import { serviceCommand, withClient } from './service-command.ts'
import { visibleJson } from './visible.ts'

const about =
  'Prints the CSR of a request, as PEM or DER, or all that the service says of the request as JSON. JSON has a request in any state; PEM and DER need it ready.'

type Options = {
  wait?: number
  format: 'pem' | 'der' | 'json'
  out?: string
  json?: true
}
type Request = Awaited<ReturnType<Client['requests']['get']>>

/** `csrctl get PATH`: gets a CSR. */
export function addGet(program: Command): void {
  serviceCommand(program, 'get', 'gets a CSR by its path id')
    .description(about)
    .argument('<path>', 'the path id that the request was given', parseId)
    .option(
      '--wait <seconds>',
      'waits until the request is settled, so long at most',
      wholeNumberOf(0, 86_400),
    )
    .addOption(
      new Option('--format <format>', 'what is printed; --json is the same as --format json')
        .choices(['pem', 'der', 'json'])
        .default('pem'),
    )
    .option('--out <file>', 'writes it into a file in place of standard output')
    .action(withClient(get))
}

async function get(client: Client, path: string, options: Options, command: Command) {
  const format = formatOf(options, command)
  if (format === 'der' && options.out === undefined && process.stdout.isTTY) {
    command.error("error: DER is not for terminals. Name a file with '--out'.")
  }
  const request = await fetchRequest(client, path, options.wait)
  const output = format === 'json' ? `${visibleJson(request)}\n` : csrOf(request, format)
  if (options.out === undefined) process.stdout.write(output)
  else await write(options.out, output)
}

/** Two answers to one question would leave one of them out without a word. */
function formatOf({ format, json }: Options, command: Command): Options['format'] {
  if (!json) return format
  if (format !== 'json' && command.getOptionValueSource('format') !== 'default') {
    command.error(`error: '--json' and '--format ${format}' exclude each other.`)
  }
  return 'json'
}

async function fetchRequest(client: Client, path: string, wait = 0): Promise<Request> {
  if (wait === 0) return client.requests.get(path)
  try {
    return await client.requests.waitFor(path, { within: wait })
  } catch (error) {
    // Still queued is for the format to judge: JSON can say so.
    if (!(error instanceof ClientError) || error.code !== 'not_settled') throw error
    return client.requests.get(path)
  }
}

function csrOf({ id, state, csr, problem }: Request, format: 'pem' | 'der'): string | Buffer {
  if (csr !== undefined) return format === 'pem' ? csr : derOf(csr)
  if (problem !== undefined) {
    const hint = `See all of it with: csrctl get ${id} --json`
    throw new Failure(problem.code, problem.detail, { hint, exitCode: exitCodes.no })
  }
  if (state === 'cancelled') throw Failure.of('cancelled', `Request ${id} was cancelled.`)
  throw Failure.of('not_ready', `Request ${id} is ${state}.`)
}

const derOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]*-----/g, ''), 'base64')

async function write(file: string, output: string | Buffer): Promise<void> {
  try {
    await writeFile(file, output)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw Failure.of('file_not_written', `${file} cannot be written (${code}).`, error)
  }
}
