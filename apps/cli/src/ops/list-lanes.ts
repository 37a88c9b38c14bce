import type { Client } from '@csr-foundry/client'
import type { LaneOverview } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { countText } from '../batch/amounts.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { table } from '../table.ts'
import { millisecondsText, yesOrNo } from './amounts.ts'

/** `csrctl ops lanes`: what waits in each lane, and for how long. */
export function addOpsLanes(group: Command): void {
  serviceCommand(group, 'lanes', 'shows the lanes')
    .description(
      'Shows the lanes: WAITING and ACTIVE are lots, OLDEST is how long the oldest one has waited, WAIT and WORK is what 95 of 100 requests of the last five minutes took at most.',
    )
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        const { lanes } = await client.ops.overview()
        if (json) printJson(lanes)
        else process.stdout.write(lanesTable(lanes))
      }),
    )
}

export const lanesTable = (lanes: readonly LaneOverview[]) =>
  table(['LANE', 'PAUSED', 'WAITING', 'ACTIVE', 'OLDEST', 'WAIT', 'WORK'], lanes.map(rowOf))

const rowOf = ({
  lane,
  paused,
  waitingLots,
  activeLots,
  oldestWaitingMs,
  wait,
  work,
}: LaneOverview) => [
  lane,
  yesOrNo(paused),
  countText(waitingLots),
  countText(activeLots),
  millisecondsText(oldestWaitingMs),
  millisecondsText(wait?.p95),
  millisecondsText(work?.p95),
]
