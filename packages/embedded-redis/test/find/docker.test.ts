import { expect, test } from 'vitest'
import { dockerEngineVersion } from '../../src/find/docker.ts'
import { clientOf, started } from '../client.ts'
import { pathWithout } from '../path-folder.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const engine = await dockerEngineVersion(process.env, 3000)

test.runIf(engine !== undefined)(
  `runs Redis in a container on the same data (needs a Docker engine; here: ${engine ?? 'none'})`,
  async () => {
    const dataDir = temporaryFolder()
    const env = { ...process.env, PATH: pathWithout(/redis|valkey|^apt/) }
    const options = { dataDir, env, cacheDir: temporaryFolder() }
    const first = await started(options)
    expect(first.source).toMatchObject({
      way: 'docker',
      text: `redis:8-alpine in Docker ${engine}`,
    })
    await clientOf(first.url).set('key', 'value')
    await first.stop()

    const second = await started(options)
    expect(await clientOf(second.url).get('key')).toBe('value')
  },
  240_000,
)

test('no engine is told within a second', async () => {
  const begun = Date.now()
  const env = { PATH: process.env.PATH, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  expect(await dockerEngineVersion(env, 900)).toBeUndefined()
  expect(Date.now() - begun).toBeLessThan(1000)
})
