import type { Client } from '@csr-foundry/client'
import type { Concurrency, ConcurrencyChange } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { wholeNumberOf } from '../parse-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts } from '../table.ts'

const about =
  'Sets how many lots of a lane each worker works on at once, for all workers and those to come, or for one as long as it lives; without --fast and --slow it shows what is set for all. What is not given stays.'

const parseLots = wholeNumberOf(1, 64)
const lotsOrNone = (value: string) => (value === 'none' ? value : parseLots(value))

type Lots = number | 'none'
type Options = { worker?: string; fast?: Lots; slow?: Lots; json?: true }

/** `csrctl ops concurrency`: shows and sets how many lots workers take at once. */
export function addOpsConcurrency(group: Command): void {
  serviceCommand(group, 'concurrency', 'shows and sets how many lots workers take at once')
    .description(about)
    .option('--worker <id>', 'of this worker alone')
    .option('--fast <n>', 'of the lane fast; none gives it back', lotsOrNone)
    .option('--slow <n>', 'of the lane slow; none gives it back', lotsOrNone)
    .action(withClient(run))
}

async function run(client: Client, { json, ...options }: Options, command: Command): Promise<void> {
  const { worker, fast, slow } = options
  if (worker !== undefined && fast === undefined && slow === undefined) {
    command.error('error: nothing to set is given.')
  }
  const answer = await changed(client, worker, {
    ...(fast !== undefined && { fast: orNull(fast) }),
    ...(slow !== undefined && { slow: orNull(slow) }),
  })
  if (json) printJson(answer.whole)
  else process.stdout.write(textOf(answer.concurrency, worker))
}

async function changed(client: Client, worker: string | undefined, change: ConcurrencyChange) {
  if (worker !== undefined) {
    const whole = await client.ops.setWorkerConcurrency(worker, change)
    return { whole, concurrency: whole.concurrency }
  }
  const isChange = Object.keys(change).length > 0
  const whole = isChange ? await client.ops.setConcurrency(change) : await client.ops.concurrency()
  return { whole, concurrency: whole }
}

const orNull = (lots: Lots) => (lots === 'none' ? null : lots)

function textOf({ fast, slow }: Concurrency, worker: string | undefined): string {
  const unset = worker === undefined ? 'as each machine has chosen' : 'as set for all'
  const of = (lots: number | undefined) => (lots === undefined ? unset : String(lots))
  return facts({ fast: of(fast), slow: of(slow) })
}
