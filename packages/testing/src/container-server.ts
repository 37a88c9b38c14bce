import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { GenericContainer, Wait } from 'testcontainers'
import type { StartRedisOptions, TestServer } from './test-server.ts'

const image = 'redis:8-alpine'
const redisPort = 6379
// Redis ends by itself much sooner, with its data written.
const stopMs = 10_000

/** A server in a container, whose port is published. Its data goes with it unless `dataDir` is given. */
export async function containerServer(options: StartRedisOptions): Promise<TestServer> {
  const { cluster = false, dataDir } = options
  const { uid, gid } = userInfo()
  let definition = new GenericContainer(image)
    .withCommand(command(cluster))
    .withExposedPorts(redisPort)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
  if (dataDir !== undefined) {
    definition = definition
      .withBindMounts([{ source: dataDir, target: '/data' }])
      .withUser(`${uid}:${gid}`)
  }
  const container = await definition.start().catch((cause: unknown) => {
    const message = `No container of ${image} could be started. See the cause, or set TEST_REDIS=embedded to do without Docker.`
    throw new Error(message, { cause })
  })
  const stop = async () => {
    await container.stop({ timeout: stopMs })
  }
  const url = `redis://${container.getHost()}:${container.getMappedPort(redisPort)}`
  try {
    if (cluster) await assignSlots(url)
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function command(cluster: boolean): string[] {
  return [
    'redis-server',
    ...['--appendonly', 'yes'],
    ...['--maxmemory', '1gb'],
    ...['--maxmemory-policy', 'noeviction'],
    ...['--hash-max-listpack-value', '2048'],
    // It has no password, and only this machine's tests know its port.
    ...['--protected-mode', 'no'],
    ...(cluster ? ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] : []),
  ]
}

/** Makes the server the whole cluster, and awaits that it takes commands. */
async function assignSlots(url: string): Promise<void> {
  const client = new Redis(url)
  try {
    const before = String(await client.cluster('INFO'))
    if (before.includes('cluster_slots_assigned:0\r')) {
      await client.cluster('ADDSLOTSRANGE', 0, 16_383)
    }
    while (!String(await client.cluster('INFO')).includes('cluster_state:ok')) await sleep(50)
  } finally {
    client.disconnect()
  }
}
