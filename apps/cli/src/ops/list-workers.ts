import type { Client } from '@csr-foundry/client'
import type { WorkerOverview } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { countText } from '../batch/amounts.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'
import { millisecondsText, yesOrNo } from './amounts.ts'

/** `csrctl ops workers`: the worker processes. */
export function addOpsWorkers(group: Command): void {
  serviceCommand(group, 'workers', 'shows the worker processes')
    .description(
      'Shows the worker processes: LOTS is how many each works on, OLDEST for how long on the oldest of them, FAST and SLOW how many of a lane it takes at once.',
    )
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        const { workers } = await client.ops.overview()
        if (json) printJson(workers)
        else process.stdout.write(table(head, workers.map(rowOf)))
      }),
    )
}

const head = ['ID', 'DRAINING', 'LOTS', 'OLDEST', 'FAST', 'SLOW', 'LAST SEEN', 'VERSION']

const rowOf = (worker: WorkerOverview) => [
  worker.id,
  yesOrNo(worker.draining),
  countText(worker.lots),
  worker.lots === 0 ? '-' : millisecondsText(worker.oldestLotMs),
  String(worker.concurrency.fast),
  String(worker.concurrency.slow),
  worker.silent ? `${momentText(worker.lastSeen)} (silent)` : momentText(worker.lastSeen),
  worker.version,
]
