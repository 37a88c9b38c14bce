import type { Client } from '@csr-foundry/client'
import type { Argument, Command } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { type Failure, failureOf } from './failure.ts'
import { say } from './output.ts'
import { printJson, serviceCommand, withClient } from './service-command.ts'

type Deletion = {
  readonly summary: string
  readonly about: string
  /** What it takes: the ids or names of all that shall go. */
  readonly which: Argument
  readonly destroy: (client: Client, id: string) => Promise<void>
}

/** The command `delete` of a group, or of the program. */
export function deleteCommand(parent: Command, { summary, about, which, destroy }: Deletion): void {
  serviceCommand(parent, 'delete', summary)
    .description(about)
    .addArgument(which)
    .action(
      withClient((client: Client, ids: string[], { json }: { json?: true }) =>
        deleteEach(ids, (id) => destroy(client, id), json),
      ),
    )
}

/** What became of one; `--json` prints an array of these. */
type Outcome = {
  id: string
  deleted: boolean
  error?: { code: string; message: string; hint: string }
}

/**
 * Deletes one after the other. What the service refuses to delete stops nothing; where it cannot be asked, or does not let
 * its caller, the rest is not tried, and said to be left.
 */
async function deleteEach(
  ids: readonly string[],
  destroy: (id: string) => Promise<void>,
  json: true | undefined,
): Promise<void> {
  const outcomes: Outcome[] = []
  for (const id of ids) {
    const failure = await destroy(id).then(() => undefined, failureOf)
    outcomes.push(outcomeOf(id, failure))
    if (failure === undefined) continue
    say(`${id}: ${failure.message} ${failure.hint}`)
    process.exitCode = failure.exitCode
    if (failure.exitCode === exitCodes.no) continue
    if (outcomes.length < ids.length) say(`Left: ${ids.slice(outcomes.length).join(' ')}`)
    break
  }
  if (json) printJson(outcomes)
}

function outcomeOf(id: string, failure: Failure | undefined): Outcome {
  if (failure === undefined) return { id, deleted: true }
  const { code, message, hint } = failure
  return { id, deleted: false, error: { code, message, hint } }
}
