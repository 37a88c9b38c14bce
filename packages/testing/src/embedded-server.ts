import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedRedis } from '@csr-foundry/embedded-redis'
import type { StartRedisOptions, TestServer } from './test-server.ts'

const maxMemory = 1024 ** 3

/** A server on a temporary data folder, or on one that the test keeps. */
export async function embeddedServer(options: StartRedisOptions): Promise<TestServer> {
  const { cluster, dataDir } = options
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'csr-foundry-test-')))
  const removeOwn = async () => {
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const redis = await startEmbeddedRedis({ dataDir: folder, cluster, maxMemory })
    const stop = async () => {
      try {
        await redis.stop()
      } finally {
        await removeOwn()
      }
    }
    return { url: redis.url, stop }
  } catch (error) {
    await removeOwn()
    throw error
  }
}
