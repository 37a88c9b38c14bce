import type { BatchView } from '@csr-foundry/native-api'
import { printJson } from '../service-command.ts'
import { facts, momentText } from '../table.ts'
import { durationText } from './amounts.ts'

export function printBatch(batch: BatchView, json: true | undefined): void {
  if (json) printJson(batch)
  else process.stdout.write(factsOf(batch))
}

function factsOf({ id, state, mode, counts, firstPath, lastPath, times, ...rest }: BatchView) {
  const { rate, secondsLeft } = rest
  const numbers = Object.entries(counts).map(([name, count]) => [name, String(count)] as const)
  return facts({
    id,
    state,
    mode,
    ...Object.fromEntries(numbers),
    paths: firstPath && `${firstPath} to ${lastPath}`,
    rate: rate === undefined ? undefined : `${rate.toFixed(1)}/s`,
    left: secondsLeft === undefined ? undefined : durationText(secondsLeft),
    created: momentText(times.created),
    'taken in': times.taken && momentText(times.taken),
    settled: times.settled && momentText(times.settled),
  })
}
