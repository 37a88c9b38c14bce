import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { csrOf, opensslText } from './look.ts'
import { startService } from './start-service.ts'

leakGuard()

const program = resolve(import.meta.dirname, '../../apps/all-in-one/src/main.ts')

/** Starts the program where it cannot work and gives how it ended. */
const endOf = (environment: Record<string, string>) =>
  spawnSync(process.execPath, [program], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...environment },
    encoding: 'utf8',
    timeout: 30_000,
  })

test.each(['api/src/main.ts', 'worker/src/main.ts'])(
  'a child that is killed is started again: %s',
  async (part) => {
    await using service = await startService()
    const path = await service.create({})
    const [before = 0] = service.pids(part)
    process.kill(before, 'SIGKILL')
    await expect
      .poll(() => service.pids(part).filter((pid) => pid !== before).length, { timeout: 10_000 })
      .toBe(1)
    opensslText(await csrOf(service, path))
    await expect
      .poll(async () => opensslText(await csrOf(service, await service.create({}))), {
        timeout: 20_000,
      })
      .toContain('CN=')
  },
)

test('a second start on the same data folder is refused and names the first', async () => {
  await using service = await startService()
  const second = endOf({ DATA_DIR: service.dataDir })
  expect(second.status).toBe(78)
  expect(second.stderr).toContain(String(service.process.pid))
  expect((await service.call('/certificatePolicy')).status).toBe(200)
})

test('settings that cannot work end the start at once, with all their faults', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'csr-foundry-e2e-'))
  const { status, stderr } = endOf({
    DATA_DIR: dataDir,
    SHARDS: '99',
    LOG_LEVEL: 'loud',
    DRAIN_SECONDS: 'x',
  })
  expect(status).toBe(78)
  for (const name of ['SHARDS', 'LOG_LEVEL', 'DRAIN_SECONDS'])
    expect(stderr).toContain(`  - ${name}: `)
  rmSync(dataDir, { recursive: true })
})

test('a lost master key file is noticed and no new one is made', async () => {
  const first = await startService({ dataDir: mkdtempSync(join(tmpdir(), 'csr-foundry-e2e-')) })
  await csrOf(first, await first.create({}))
  await first.stop()
  rmSync(join(first.dataDir, 'keys/master.key'))
  const { status, stderr } = endOf({ DATA_DIR: first.dataDir })
  expect(status).toBe(78)
  expect(stderr).toContain('Put the file back from its backup')
  rmSync(first.dataDir, { recursive: true })
})
