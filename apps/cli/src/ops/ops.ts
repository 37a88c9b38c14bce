import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addOpsDrain, addOpsUndrain } from './drain-workers.ts'
import { addOpsDead } from './list-dead-lots.ts'
import { addOpsFailures } from './list-failures.ts'
import { addOpsLanes } from './list-lanes.ts'
import { addOpsWorkers } from './list-workers.ts'
import { addOpsPause, addOpsResume } from './pause-lane.ts'
import { addOpsRetry } from './retry-failures.ts'
import { addOpsConcurrency } from './set-concurrency.ts'
import { addOpsOverview } from './show-overview.ts'

/** `csrctl ops …`: the whole installation. */
export function addOps(program: Command): void {
  const group = commandGroup(program, 'ops', 'shows how the installation is, and acts on it')
  addOpsOverview(group)
  addOpsLanes(group)
  addOpsPause(group)
  addOpsResume(group)
  addOpsWorkers(group)
  addOpsConcurrency(group)
  addOpsDrain(group)
  addOpsUndrain(group)
  addOpsFailures(group)
  addOpsRetry(group)
  addOpsDead(group)
}
