import type { Command } from 'commander'
import { say } from './output.ts'
import { wholeNumberOf } from './parse-option.ts'

export function addLimit(command: Command): Command {
  return command.option('--limit <n>', 'how many at most', wholeNumberOf(1, 100_000), 100)
}

/** The first entries of a list, or all. Where there are more it says so, or a list cut short would pass for the whole. */
export async function take<Entry>(
  list: AsyncIterable<Entry>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Entry[]> {
  const taken: Entry[] = []
  for await (const entry of list) {
    if (taken.length === limit) {
      say(`These are the first ${limit}. See more with --limit.`)
      break
    }
    taken.push(entry)
  }
  return taken
}
