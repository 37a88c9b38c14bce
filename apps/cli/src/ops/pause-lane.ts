import type { Client } from '@csr-foundry/client'
import { type LaneName, type LaneState, laneName } from '@csr-foundry/native-api'
import { Argument, type Command } from 'commander'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts } from '../table.ts'
import { yesOrNo } from './amounts.ts'

const aboutPausing =
  'Pauses a lane: what is under way ends, nothing of it is begun, requests are still taken in and wait. It stays so, whatever is restarted.'

/** `csrctl ops pause LANE`. */
export function addOpsPause(group: Command): void {
  addAct(group, 'pause', 'pauses a lane', aboutPausing, (client, lane) =>
    client.ops.pauseLane(lane),
  )
}

/** `csrctl ops resume LANE`. */
export function addOpsResume(group: Command): void {
  const about =
    'Lets the workers take lots of a lane again, in the order that they have without a pause.'
  addAct(group, 'resume', 'resumes a paused lane', about, (client, lane) =>
    client.ops.resumeLane(lane),
  )
}

type Act = (client: Client, lane: LaneName) => Promise<LaneState>

function addAct(group: Command, name: string, summary: string, about: string, act: Act): void {
  serviceCommand(group, name, summary)
    .description(about)
    .addArgument(new Argument('<lane>', 'which one').choices(laneName.options))
    .action(
      withClient(async (client: Client, lane: LaneName, { json }: { json?: true }) => {
        const state = await act(client, lane)
        if (json) printJson(state)
        else process.stdout.write(facts({ lane: state.lane, paused: yesOrNo(state.paused) }))
      }),
    )
}
