import type { Client } from '@csr-foundry/client'
import type { AuditReport } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { visible } from '../visible.ts'

const about =
  'Has a worker go through the whole audit, and says what was changed, moved, removed or cut, and where. With --seal it holds the audit also against a seal that you kept: what was removed together with its seals is found by that alone.'

type Options = { seal?: string; json?: true }

/** `csrctl audit verify`: whether all of the audit is still as it was sealed. */
export function addAuditVerify(group: Command): void {
  serviceCommand(group, 'verify', 'verifies the audit')
    .description(about)
    .option('--seal <file>', 'a seal that "csrctl audit seal" printed; - is standard input')
    .action(withClient(verify))
}

async function verify(client: Client, { seal, json }: Options): Promise<void> {
  const report = await client.audit.verify(seal === undefined ? undefined : await readSeal(seal))
  if (json) printJson(report)
  else process.stdout.write(linesOf(report))
  if (report.found > 0) process.exitCode = exitCodes.no
}

async function readSeal(file: string): Promise<object> {
  const bytes = await readNamed(file, { maxBytes: 16 * 1024, what: 'seal' })
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && 'mac' in value) return value
  } catch {
    // Said below.
  }
  throw Failure.of('no_seal', `There is no seal in ${placeOf(file)}.`)
}

function linesOf({ entries, sealed, unsealed, held, found, findings }: AuditReport): string {
  const lines = findings.map(({ kind, detail }) => `${kind}: ${detail}`)
  if (found > findings.length) lines.push(`and ${found - findings.length} more`)
  const parts = [
    found === 0 ? 'The audit is whole' : `The audit is not whole: ${found} findings`,
    `${entries} entries, ${sealed} sealed, ${unsealed} newer than the last seal`,
    ...(heldTexts[held] === undefined ? [] : [heldTexts[held]]),
  ]
  return [...lines, `${parts.join('; ')}.`].map((line) => `${visible(line)}\n`).join('')
}

const heldTexts: Readonly<Partial<Record<AuditReport['held'], string>>> = {
  matches: 'your seal matches',
  too_old: 'what your seal covers is older than what is kept',
  differs: 'your seal does not match',
  not_authentic: 'your seal is none of this tenant',
}
