import type { Client } from '@csr-foundry/client'
import type { OverviewView, RedisOverview } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { bytesText, countText } from '../batch/amounts.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { facts, table } from '../table.ts'
import { millisecondsText } from './amounts.ts'
import { lanesTable } from './list-lanes.ts'

/** `csrctl ops overview`: whether the installation is well, and what it does. */
export function addOpsOverview(group: Command): void {
  serviceCommand(group, 'overview', 'shows whether all is well')
    .description(
      'Shows what is amiss, what waits and what is done in the whole installation. The lanes and the workers have commands of their own.',
    )
    .action(
      withClient(async (client: Client, { json }: { json?: true }) => {
        const overview = await client.ops.overview()
        if (json) printJson(overview)
        else process.stdout.write(textOf(overview))
      }),
    )
}

const textOf = ({ troubles, requests, rates, lanes, deadLots, redis, workers }: OverviewView) =>
  facts({
    troubles: troubles.length === 0 ? 'none' : String(troubles.length),
    queued: countText(requests.queued),
    failed: countText(requests.failed),
    'ready a second': rates.readyPerSecond.toFixed(1),
    'failed a minute': rates.failedPerMinute.toFixed(1),
    'dead lots': countText(deadLots),
    workers: workersText(workers),
    redis: redisText(redis),
  }) +
  table(
    ['SEVERITY', 'TROUBLE', 'ABOUT', 'WHAT'],
    troubles.map(({ severity, code, about, detail }) => [severity, code, about ?? '-', detail]),
  ) +
  lanesTable(lanes)

function workersText(workers: OverviewView['workers']): string {
  const draining = workers.filter((worker) => worker.draining).length
  return `${workers.length}${draining > 0 ? `, ${draining} of them drained` : ''}`
}

function redisText({ reachable, latencyMs, usedMemory, maxMemory }: RedisOverview): string {
  if (!reachable) return `away, asked ${millisecondsText(latencyMs)} ago`
  const limit = maxMemory ? ` of ${bytesText(maxMemory)}` : ''
  const memory = usedMemory === undefined ? '' : `, ${bytesText(usedMemory)}${limit}`
  return `answers within ${millisecondsText(latencyMs)}${memory}`
}
