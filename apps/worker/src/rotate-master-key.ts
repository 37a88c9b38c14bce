/**
 * The command that rotates the master key: run where the master key file is, with the settings of the workers, while they run.
 *
 *     npm run rotate-master-key [-- --prepare | --cancel]
 *
 * Exit codes: 0 it is done, 78 something has to be mended first, 64 wrong usage. Whenever it ends, the next run goes on.
 */
import { parseArgs } from 'node:util'
import {
  cancelRotation,
  type Rotation,
  type RotationNews,
  rotateMasterKey,
} from '@csr-foundry/key-vault/rotate-master-key'
import {
  connected,
  connectRedis,
  defaultTenant,
  findTenant,
  installationActor,
  writeAuditEntry,
} from '@csr-foundry/records'
import { runProgram } from '@csr-foundry/service'
import { readCommandConfig } from './config.ts'

const usage = `Usage: npm run rotate-master-key [-- --prepare | --cancel]

Makes a new master key, wraps all data keys anew with it and removes the one before from the file,
while the service runs. Run it again after whatever interrupts it: it goes on where it was.

  --prepare  only adds the new key to the file, so that it can be backed up and copied to other hosts first
  --cancel   takes a prepared key back
`
const usageExitCode = 64
const connectWithin = 10_000

const print = (line: string) => process.stdout.write(`${line}\n`)

const sentences: Readonly<
  Record<Exclude<RotationNews['step'], 'waiting' | 'wrapped'>, (path: string) => string>
> = {
  added: (path) => `A new master key is in ${path}, before the current one.`,
  announced: () => 'The processes are told of it; nothing is wrapped with it yet.',
  held: () => 'Every process has the new key.',
  switched: () => 'From now on the new key wraps.',
  released: () => 'No process wraps with the previous key any more.',
  removed: (path) =>
    `Done: ${path} holds the new key alone. Back it up, and copy it to the other hosts. Keep the previous one with the backups of Redis from before.`,
  cancelled: (path) => `Taken back: ${path} holds the current key alone.`,
}

const options = { prepare: { type: 'boolean' }, cancel: { type: 'boolean' } } as const
const flags = flagsGiven()
if (flags === undefined || (flags.prepare && flags.cancel)) {
  process.stderr.write(usage)
  process.exitCode = usageExitCode
} else {
  await runProgram(() => rotate(flags))
}

function flagsGiven() {
  try {
    return parseArgs({ options }).values
  } catch {
    return undefined
  }
}

async function rotate({ prepare, cancel }: NonNullable<typeof flags>): Promise<void> {
  const { redisUrl, masterKeyFile: path } = readCommandConfig()
  const redis = connectRedis(redisUrl, 'work', { onError: () => {} })
  try {
    await connected(redis, connectWithin)
    const audit: Rotation['audit'] = async (outcome, ids) => {
      const place = await findTenant(redis, defaultTenant)
      // Without the tenant there was no first start, and nothing that an audit could be of.
      if (place === undefined) return
      const acting = { ...place, actor: installationActor }
      await writeAuditEntry(redis, acting, { action: 'vault.rotate', ids, outcome })
    }
    const rotation = { redis, path, audit, report: (news: RotationNews) => tell(news, path) }
    if (cancel) await cancelRotation(rotation)
    else await rotateMasterKey(rotation, prepare ? 'prepared' : 'end')
    if (prepare)
      print(
        'Prepared. Back the file up, copy it to the other hosts, then run this without --prepare.',
      )
  } finally {
    redis.disconnect()
  }
}

function tell(news: RotationNews, path: string): void {
  if (news.step === 'waiting') {
    print(`Waiting for processes to read the new file: ${news.for.join(', ')}`)
  } else if (news.step === 'wrapped') {
    print(`${news.all} wrapped keys looked at, ${news.anew} wrapped anew.`)
    if (news.unknown > 0) {
      print(`${news.unknown} of them name a master key that neither Redis nor ${path} knows.`)
    }
  } else {
    print(sentences[news.step](path))
  }
}
