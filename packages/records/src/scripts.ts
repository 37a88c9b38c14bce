/**
 * The scripts: everything that changes a request, a lot or a count does it in one of these, whole or not at all.
 *
 * Each file in `scripts/` says what it takes and gives. A script is run with the tag of its shard as its only key and
 * builds the other names from it, which is allowed because all of them lie in the slot of that tag.
 */
import { readFileSync } from 'node:fs'
import { type Step, traceStep } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { luaBuckets } from './figures/histogram.ts'
import { luaKeys } from './keys.ts'
import type { ShardTag } from './shards.ts'
import { luaStateMachine } from './state-machine.ts'

/**
 * Without a flag Redis refuses a script before its first write when memory is full. `allow-oom` is for those that make
 * room or must not fail half way round a lot.
 */
const flags = {
  'create-requests': '',
  'start-lot': '',
  'complete-lot': '',
  'give-back-lot': 'allow-oom',
  'delete-request': 'allow-oom',
  'cancel-request': 'allow-oom',
  'retry-request': '',
  'find-lost-lots': 'no-writes',
  'read-lanes': 'no-writes',
  'read-request': 'no-writes',
  'walk-requests': 'no-writes',
  'take-id': '',
  'import-key': '',
  'delete-key': 'allow-oom',
  'read-keys': 'no-writes',
  'list-keys': 'no-writes',
  'list-keys-from': 'no-writes',
  'change-principal': 'allow-oom',
  'create-errand': '',
  'finish-errand': '',
  'take-errand': 'allow-oom',
  'write-audit-entry': '',
  'seal-audit': 'allow-oom',
  'open-batch': '',
  'take-block': '',
  'hold-intake': 'allow-oom',
  'end-intake': 'allow-oom',
  'break-intakes': 'allow-oom',
  'change-batch': 'allow-oom',
  'undo-block': 'allow-oom',
  'queue-block': '',
  'read-block': 'no-writes',
  'retry-failed': '',
  'read-failed': 'no-writes',
  'list-dead-lots': 'no-writes',
  'expire-requests': 'allow-oom',
  'expire-batches': 'allow-oom',
} as const

export type ScriptName = keyof typeof flags
export type ScriptArgument = string | number | Buffer

/** Functions that are put in front of every script; the state machine stands on the first of them. */
const firstParts = ['counts']
const sharedParts = [
  'fairness',
  'shared',
  'audit',
  'idempotency',
  'ids',
  'private-keys',
  'removal',
  'errands',
]

/** Scripts that are given `batches` as well: Redis keeps each of them whole, with all its parts. */
const batchScripts: readonly ScriptName[] = [
  ...(['open-batch', 'take-block', 'hold-intake', 'end-intake', 'break-intakes'] as const),
  ...(['change-batch', 'undo-block', 'queue-block', 'read-block', 'expire-batches'] as const),
  'retry-failed',
]

/** Scripts that are given `stats` as well. */
const countingScripts: readonly ScriptName[] = ['complete-lot', 'start-lot', 'give-back-lot']

const readLua = (name: string) =>
  readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')

function source(name: ScriptName): string {
  const shebang = flags[name] === '' ? '#!lua' : `#!lua flags=${flags[name]}`
  const first = firstParts.map(readLua)
  const ofBatches = batchScripts.includes(name) ? ['batches'] : []
  const ofCounting = countingScripts.includes(name) ? ['stats'] : []
  const parts = [...sharedParts, ...ofBatches, ...ofCounting, name].map(readLua)
  const buckets = ofCounting.map(() => luaBuckets)
  return [shebang, luaKeys, ...buckets, ...first, luaStateMachine, ...parts].join('\n')
}

/** The `scripts` option of an ioredis connection. */
export const scriptDefinitions = Object.fromEntries(
  Object.keys(flags).map((name) => [name, { lua: source(name as ScriptName), numberOfKeys: 1 }]),
)

/** What a trace shows of a run of each: its name, and none of its arguments. */
const steps = Object.fromEntries(
  Object.keys(flags).map((name): [string, Step] => [
    name,
    {
      name,
      isRemote: true,
      facts: { 'db.system.name': 'redis', 'db.stored_procedure.name': name },
    },
  ]),
) as Record<ScriptName, Step>

export type Reply = Buffer | number | null | Reply[]
type DefinedScript = (shard: string, ...values: ScriptArgument[]) => Promise<Reply>

/** Runs a script on its shard; strings in the reply are Buffers. The connection must come from `connectRedis`. */
export function runScript(
  redis: Redis,
  shard: ShardTag,
  name: ScriptName,
  values: readonly ScriptArgument[],
): Promise<Reply> {
  const defined = redis as unknown as Record<`${ScriptName}Buffer`, DefinedScript>
  return traceStep(steps[name], () => defined[`${name}Buffer`](shard, ...values))
}

/** A reply that is a list of strings. */
export function textList(reply: Reply): string[] {
  return Array.isArray(reply) ? reply.map((part) => String(part)) : []
}

/** A reply of alternating fields and values. */
export function fieldMap(reply: Reply): Map<string, Buffer> {
  const fields = new Map<string, Buffer>()
  if (!Array.isArray(reply)) return fields
  for (let i = 0; i + 1 < reply.length; i += 2) {
    const value = reply[i + 1]
    fields.set(String(reply[i]), Buffer.isBuffer(value) ? value : Buffer.from(String(value)))
  }
  return fields
}
