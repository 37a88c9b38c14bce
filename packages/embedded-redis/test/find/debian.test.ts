import { mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { debianPackage } from '../../src/find/debian.ts'
import { thisDebianRelease } from '../../src/find/debian-release.ts'
import { clientOf, started } from '../client.ts'
import { pathWithout, redisPrograms } from '../path-folder.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const release = thisDebianRelease()

test.runIf(release !== undefined)(
  `fetches the distribution's package without root, twice at once, and keeps it (runs on Debian and Ubuntu; here: ${release ?? 'neither'})`,
  async () => {
    const cacheDir = temporaryFolder()
    const abandoned = join(cacheDir, 'fetching-abandoned')
    mkdirSync(abandoned)
    utimesSync(abandoned, 0, 0)
    const env = { PATH: pathWithout(redisPrograms), HOME: temporaryFolder() }
    const passOver = vi.fn()
    const search = { env, cacheDir, log: vi.fn(), passOver }
    const found = await Promise.all([debianPackage(search), debianPackage(search)])
    expect(passOver).not.toHaveBeenCalled()
    expect(found[0]?.source).toEqual(found[1]?.source)
    expect(readdirSync(cacheDir)).toEqual([`${release}-${process.arch}`])

    // From the cache, where nothing can be fetched.
    const offline = { ...env, PATH: pathWithout(/redis|valkey|^apt|^dpkg|^docker/) }
    const redis = await started({ dataDir: temporaryFolder(), cacheDir, env: offline })
    expect(redis.source).toEqual(found[0]?.source)
    expect(await clientOf(redis.url).ping()).toBe('PONG')
  },
  60_000,
)
