/** The life of one installation on a Redis of its own, in its order: what dies, what is away, what is lost. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { csrOf, opensslText } from './look.ts'
import { jsonInit, type Service, startService } from './start-service.ts'

leakGuard()

const program = resolve(import.meta.dirname, '../../apps/all-in-one/src/main.ts')
const dataDir = mkdtempSync(join(tmpdir(), 'csr-foundry-e2e-'))
let service: Service
const start = async (environment = {}) => {
  service = await startService({ dataDir, environment: { ADMIN_PASSWORD: '', ...environment } })
}

beforeAll(() => start())
afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  rmSync(dataDir, { recursive: true })
})

/** Starts the program where it cannot work and gives how it ended. */
const endOf = (environment: Record<string, string>) => {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return spawnSync(process.execPath, [program], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, PORT: '0', METRICS_PORT: 'off', ...environment },
    encoding: 'utf8',
    timeout: 30_000,
  })
}

test('settings that cannot work end the start at once, with all their faults', () => {
  const environment = { SHARDS: '99', LOG_LEVEL: 'loud', DRAIN_SECONDS: 'x', DATA_DIR: dataDir }
  const { status, stderr } = endOf(environment)
  expect(status).toBe(78)
  for (const name of ['SHARDS', 'LOG_LEVEL', 'DRAIN_SECONDS'])
    expect(stderr).toContain(`  - ${name}: `)
})

test("the administrator's password of a first start that nobody watches is in a file of mode 0600, and only its path is said", async () => {
  const file = join(dataDir, 'admin-password')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const made = readFileSync(file, 'utf8').trim()
  expect(service.output()).toContain(`The password of admin is in ${file}`)
  expect(service.output()).not.toContain(made)
  const headers = { authorization: `Basic ${btoa(`admin:${made}`)}` }
  expect((await fetch(`${service.url}/certificatePolicy`, { headers })).status).toBe(200)
})

test('a second start on the same data folder is refused and names the first', async () => {
  const second = endOf({ DATA_DIR: dataDir })
  expect(second.status).toBe(78)
  expect(second.stderr).toContain(String(service.process.pid))
  expect((await service.call('/certificatePolicy')).status).toBe(200)
})

test.each(['api/src/main.ts', 'worker/src/main.ts'])(
  'a child that is killed is started again: %s',
  async (part) => {
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

test('while Redis is away calls are a fast 503 in the shape of the dialect, readyz says so, and it recovers by itself', async () => {
  const path = await service.create({})
  const [redisPid = 0] = service.pids('redis-server')
  const post = () => service.call('/certificateSigningRequest', jsonInit('POST', {}))
  await csrOf(service, path)
  // Stopped, not killed: it does not answer, and nothing starts another.
  process.kill(redisPid, 'SIGSTOP')
  try {
    const response = await post()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.json()).toMatchObject({
      result: 'failure',
      messages: [{ id: 'CSRF0502W' }],
    })
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503)
  } finally {
    process.kill(redisPid, 'SIGCONT')
  }
  await vi.waitFor(async () => expect((await post()).status).toBe(200), 30_000)
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
})

test('Redis killed: it is started again on the same data, nothing acknowledged is gone, and ids leave a gap', async () => {
  const before = await Promise.all(Array.from({ length: 20 }, () => service.create({})))
  for (const pid of service.pids('redis-server')) process.kill(pid, 'SIGKILL')
  for (const path of before) opensslText(await csrOf(service, path))
  const after = Number(await service.create({}))
  expect(after).toBe(100_000 + Math.max(...before.map(Number)) + 1)
  opensslText(await csrOf(service, String(after)))
})

test('a clean stop and a new start on the same data go on where they were; a start without the master key file does not', async () => {
  const path = await service.create({ CommonName: 'kept.example.com' })
  const pem = await csrOf(service, path)
  expect(await service.stop()).toBe(0)

  const file = join(dataDir, 'keys/master.key')
  renameSync(file, `${file}.away`)
  const { status, stderr } = endOf({ DATA_DIR: dataDir })
  expect(status).toBe(78)
  expect(stderr).toContain('Put the file back from its backup')
  expect(existsSync(file)).toBe(false)
  renameSync(`${file}.away`, file)

  // What the parts wait for is gone with an owner that is killed, so they end when their time is over.
  await start({ DRAIN_SECONDS: '1' })
  expect(await csrOf(service, path)).toBe(pem)
  expect(await service.create({})).toBe(String(Number(path) + 1))
})

test('the owner killed: none of its processes stays', async () => {
  const parts = ['main.ts', 'worker/src/work.ts', 'redis-server']
  const pids = parts.flatMap((part) => service.pids(part))
  expect(pids.length).toBeGreaterThanOrEqual(4)
  service.process.kill('SIGKILL')
  const left = () => pids.filter((pid) => existsSync(`/proc/${pid}`))
  await expect.poll(left, { timeout: 30_000 }).toEqual([])
})
