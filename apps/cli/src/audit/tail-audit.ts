import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@csr-foundry/client'
import type { AuditEntryView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { wholeNumberOf } from '../parse-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText } from '../table.ts'
import { visible, visibleJson } from '../visible.ts'

const about =
  'Prints the newest entries of the audit, the newest last, a line each: when, who, from where, what, to what, and how it ended. --follow goes on with those that come. With --json and --follow each line is a JSON document. Each look at the audit is an entry itself; --follow leaves its own out.'

/** A look at the audit is an entry: not more often than somebody who watches needs it. */
const lookEvery = 2_000
const longestPage = 1_000

type Options = { lines: number; follow?: true; json?: true }

/** `csrctl audit tail`: the newest entries. */
export function addAuditTail(group: Command): void {
  serviceCommand(group, 'tail', 'prints the newest entries')
    .description(about)
    .option('-n, --lines <n>', 'how many', wholeNumberOf(1, longestPage), 20)
    .option('-f, --follow', 'goes on with new ones until Ctrl-C')
    .action(withClient(tail))
}

async function tail(client: Client, { lines, follow, json }: Options): Promise<void> {
  const first = await newest(client, lines)
  if (json && !follow) return printJson(first)
  const print = (entry: AuditEntryView) =>
    process.stdout.write(`${json ? visibleJson(entry, 0) : lineOf(entry)}\n`)
  first.forEach(print)
  // The newest is this very look.
  const self = first.at(-1)?.by
  for (let last = first.at(-1)?.id; follow; ) {
    await sleep(lookEvery)
    const found = await since(client, last)
    last = found.at(-1)?.id ?? last
    found.filter((entry) => !(entry.action === 'audit.read' && entry.by === self)).forEach(print)
  }
}

async function since(client: Client, after: string | undefined): Promise<AuditEntryView[]> {
  const found: AuditEntryView[] = []
  const newestFirst = client.audit.list({ limit: longestPage, ...(after && { after }) })
  for await (const entry of newestFirst) found.unshift(entry)
  return found
}

async function newest(client: Client, lines: number): Promise<AuditEntryView[]> {
  const entries: AuditEntryView[] = []
  for await (const entry of client.audit.list({ limit: lines })) {
    entries.unshift(entry)
    if (entries.length === lines) break
  }
  return entries
}

const lineOf = ({ time, by, from, action, ids, outcome }: AuditEntryView) =>
  [momentText(time), by, from, action, ids.join(',') || '-', outcome].map(visible).join('  ')
