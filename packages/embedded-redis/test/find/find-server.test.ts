import { expect, test, vi } from 'vitest'
import { startEmbeddedRedis } from '../../src/index.ts'
import { fakeProgram } from '../path-folder.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('names the three ways out, and what was passed over, when there is no server', async () => {
  const folder = temporaryFolder()
  const old = fakeProgram(folder, 'redis-server', 'Redis server v=5.0.3 sha=00000000:0 bits=64')
  const log = vi.fn()
  const dataDir = temporaryFolder()
  const env = { PATH: folder, HOME: temporaryFolder() }
  const failure = await startEmbeddedRedis({ dataDir, env, log }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'no_redis_server' })
  const { message } = failure as Error
  expect(message).toContain('install redis-server 7.0 or later')
  expect(message).toContain('set REDIS_URL')
  expect(message).toContain('have a Docker engine running')
  expect(message).toContain(`${old} is Redis 5.0.3, needed is 7.0 or later`)
  expect(message).toContain('no Docker engine answers')
  expect(log).toHaveBeenCalledWith(expect.stringContaining(`${old} is Redis 5.0.3`))

  // The folder is free again for a start that can work.
  await expect(startEmbeddedRedis({ dataDir, env })).rejects.toMatchObject({
    code: 'no_redis_server',
  })
})
