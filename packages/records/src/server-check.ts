import { SetupError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'

/** What was found on a Redis server, in words for its operator. `refused` loses data or cannot work at all. */
export type ServerFindings = {
  readonly server: string
  readonly refused: readonly string[]
  readonly warnings: readonly string[]
}

const listpackWanted = 2048

/** Checks version, persistence, memory limit and eviction of the server behind a connection. */
export async function checkServer(redis: Redis): Promise<ServerFindings> {
  const info = await redis.info('server')
  const { server, tooOld } = readVersion(info)
  const refused = tooOld
    ? [`${server} is too old: run Redis 7.0 or later, or Valkey 7.2 or later.`]
    : []
  const settings = await readSettings(redis)
  if (!settings) {
    return {
      server,
      refused,
      warnings: [
        'CONFIG GET is not allowed: check by hand that AOF is on and maxmemory-policy is noeviction.',
      ],
    }
  }
  const found = (name: string) => settings.get(name) ?? ''
  if (found('maxmemory-policy') !== 'noeviction') {
    refused.push(
      `maxmemory-policy is ${found('maxmemory-policy')}, which drops keys: set it to noeviction.`,
    )
  }
  if (found('appendonly') !== 'yes') {
    refused.push(
      'appendonly is no: a restart would lose acknowledged requests and their keys. Set it to yes.',
    )
  }
  return { server, refused, warnings: softFindings(found) }
}

/**
 * Checks the server and gives its name; each warning is handed to `warn`.
 *
 * @throws {SetupError} when it would lose data or cannot work
 */
export async function requireUsableServer(
  redis: Redis,
  warn: (warning: string, server: string) => void,
): Promise<string> {
  const { server, refused, warnings } = await checkServer(redis)
  for (const warning of warnings) warn(warning, server)
  if (refused.length === 0) return server
  throw new SetupError(
    `${server} cannot be used:\n${refused.map((one) => `  - ${one}`).join('\n')}`,
  )
}

function softFindings(found: (name: string) => string): string[] {
  const warnings: string[] = []
  if (found('maxmemory') === '0') {
    warnings.push('maxmemory is not set: the kernel may kill Redis when memory runs out. Set it.')
  }
  if (found('appendfsync') === 'no') {
    warnings.push(
      'appendfsync is no: a power cut may lose many seconds of requests. Set it to everysec.',
    )
  }
  const listpack = Number(found('hash-max-listpack-value'))
  if (listpack < listpackWanted) {
    warnings.push(
      `hash-max-listpack-value is ${listpack}: records take about twice the memory. Set it to ${listpackWanted}.`,
    )
  }
  return warnings
}

function readVersion(info: string): { server: string; tooOld: boolean } {
  const valkey = /^valkey_version:(\d+)\.(\d+)\S*/m.exec(info)
  const redis = /^redis_version:(\d+)\.(\d+)\S*/m.exec(info)
  const [version, name, least] = valkey ? [valkey, 'Valkey', 702] : [redis, 'Redis', 700]
  if (!version) return { server: 'A server that does not say its version', tooOld: true }
  const number = Number(version[1]) * 100 + Number(version[2])
  return { server: `${name} ${version[0].split(':')[1]}`, tooOld: number < least }
}

async function readSettings(redis: Redis): Promise<Map<string, string> | undefined> {
  const names = [
    'appendonly',
    'appendfsync',
    'maxmemory',
    'maxmemory-policy',
    'hash-max-listpack-value',
  ]
  try {
    const settings = new Map<string, string>()
    for (const name of names) {
      const [, value] = (await redis.config('GET', name)) as string[]
      if (value !== undefined) settings.set(name, value)
    }
    return settings
  } catch {
    return undefined
  }
}
