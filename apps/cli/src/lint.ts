import { styleText } from 'node:util'
import { type Finding, type LintOptions, type ProfileName, profileNames } from '@csr-foundry/csr'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { type LintedFile, lintFile } from './lint-file.ts'
import { say } from './output.ts'
import { visible, visibleJson } from './visible.ts'

const about = `Names everything that is wrong with CSRs, one line each:

  file: severity code message [pointer]

An error violates a standard. A warning is allowed, but CAs or programs in use
refuse or misread it.`

const exitCodeHelp = `
Exit codes:
  0  no errors; warnings are none
  1  a CSR has errors
  2  wrong usage, or a file could not be read or is no CSR`

const severityStyles = { error: 'red', warning: 'yellow' } as const

type Options = { json?: true; profile?: ProfileName }

/** `csrctl lint FILE…`: says what is wrong with the CSRs in files. */
export function addLint(program: Command): void {
  program
    .command('lint')
    .summary('names what is wrong with CSRs')
    .description(about)
    .argument('<file...>', 'CSRs in PEM or DER, up to 1 MiB each; - is standard input')
    .addOption(
      new Option(
        '--profile <name>',
        `adds the rules of a CA or product (${profileNames.join(', ')})`,
      ).argParser(parseProfile),
    )
    .option('--json', 'prints one JSON document')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('Run "csrctl lint --help" to see what it takes.')
    .action(lint)
}

function parseProfile(value: string, previous: ProfileName | undefined): ProfileName {
  if (previous !== undefined) throw new InvalidArgumentError('There can be one profile.')
  const name = profileNames.find((known) => known === value)
  if (name !== undefined) return name
  throw new InvalidArgumentError(`The profiles are: ${profileNames.join(', ')}.`)
}

async function lint(files: string[], options: Options, command: Command): Promise<void> {
  if (files.indexOf('-') !== files.lastIndexOf('-')) {
    command.error("error: '-' is given twice, but standard input can be read once.")
  }
  const linted = await lintFiles(files, options)
  if (options.json) process.stdout.write(`${visibleJson(linted)}\n`)
  process.exitCode = exitCodeOf(linted)
}

/** Says what it finds as it goes: lines of a file do not wait for the files after it. */
async function lintFiles(files: string[], { json, ...options }: Options): Promise<LintedFile[]> {
  const linted: LintedFile[] = []
  for (const file of files) {
    const result = await lintFile(file, options satisfies LintOptions)
    const { error, findings } = result
    if (error !== undefined) say(`${file}: ${error.message} ${error.hint}`)
    if (!json) process.stdout.write(findings.map((finding) => line(file, finding)).join(''))
    linted.push(result)
  }
  return linted
}

function line(file: string, { severity, code, message, pointer }: Finding): string {
  const shown = styleText(severityStyles[severity], severity, { stream: process.stdout })
  const place = pointer === '' ? '' : ` [${visible(pointer)}]`
  return `${visible(file)}: ${shown} ${code} ${visible(message)}${place}\n`
}

function exitCodeOf(linted: LintedFile[]): number {
  if (linted.some(({ error }) => error !== undefined)) return exitCodes.unusable
  const findings = linted.flatMap((file) => file.findings)
  return findings.some(({ severity }) => severity === 'error') ? exitCodes.no : exitCodes.done
}
