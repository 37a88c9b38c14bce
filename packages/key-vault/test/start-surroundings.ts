import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, type TestRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'

export type Surroundings = {
  readonly server: TestRedis
  readonly redis: Redis
  /** A folder for master keys, removed in the end. */
  readonly folder: string
  stop(): Promise<void>
}

/** What a vault needs: a Redis and a folder. */
export async function startSurroundings(): Promise<Surroundings> {
  const server = await startRedis()
  const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-vault-'))
  const stop = async () => {
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  }
  return { server, redis: server.client(), folder, stop }
}
