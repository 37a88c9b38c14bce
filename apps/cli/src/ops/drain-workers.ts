import type { Client } from '@csr-foundry/client'
import type { WorkerOrders } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { table } from '../table.ts'
import { yesOrNo } from './amounts.ts'

const aboutDraining =
  'Has workers end what they have and take no more. The processes stay, idle, until they are told to go on or are stopped. Whoever starts in their place takes lots. When one is idle: csrctl ops workers'

/** `csrctl ops drain WORKER…`. */
export function addOpsDrain(group: Command): void {
  addAct(group, 'drain', 'has workers take no more lots', aboutDraining, (client, id) =>
    client.ops.drainWorker(id),
  )
}

/** `csrctl ops undrain WORKER…`. */
export function addOpsUndrain(group: Command): void {
  const about = 'Has drained workers take lots again.'
  addAct(group, 'undrain', 'has drained workers take lots again', about, (client, id) =>
    client.ops.resumeWorker(id),
  )
}

type Act = (client: Client, id: string) => Promise<WorkerOrders>

function addAct(group: Command, name: string, summary: string, about: string, act: Act): void {
  serviceCommand(group, name, summary)
    .description(about)
    .argument('<workers...>', 'ids, as csrctl ops workers shows them')
    .action(
      withClient(async (client: Client, ids: string[], { json }: { json?: true }) => {
        const told: WorkerOrders[] = []
        for (const id of ids) told.push(await act(client, id))
        if (json) printJson(told)
        else process.stdout.write(table(['ID', 'DRAINING'], told.map(rowOf)))
      }),
    )
}

const rowOf = ({ id, draining }: WorkerOrders) => [id, yesOrNo(draining)]
