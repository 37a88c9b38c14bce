import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { csrOf } from '../look.ts'
import { service } from './service.ts'

const api = () => {
  const [pid] = service.pids('api/src/main.ts')
  if (pid === undefined) throw new Error('The API does not run.')
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
}

test('a read of the master key file from inside gives ERR_ACCESS_DENIED', async () => {
  const [node = '', ...flags] = api()
  const program = flags.findIndex((flag) => flag.endsWith('main.ts'))
  const permissions = flags.slice(0, program)
  expect(permissions).toContain('--permission')
  const file = join(service.dataDir, 'keys/master.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(service.dataDir, 'keys')).mode & 0o777).toBe(0o700)
  const read = (path: string) =>
    `try { process.getBuiltinModule('fs').readFileSync(${JSON.stringify(path)}); 'read' } catch (error) { error.code }`
  const run = (path: string) =>
    execFileSync(node, [...permissions, '-p', read(path)], { encoding: 'utf8' }).trim()
  expect(run(file)).toBe('ERR_ACCESS_DENIED')
  expect(run(join(service.dataDir, 'redis/redis.conf'))).toBe('ERR_ACCESS_DENIED')
  expect(run('/etc/passwd')).toBe('ERR_ACCESS_DENIED')
  // The very same flags do let it read its own program.
  expect(run(resolve(import.meta.dirname, '../../../apps/api/src/main.ts'))).toBe('read')
})

test('cannot get at the memory of a worker: no process opens a debugger on a signal', async () => {
  const [node = '', ...flags] = api()
  const permissions = flags.slice(
    0,
    flags.findIndex((flag) => flag.endsWith('main.ts')),
  )
  const pids = [
    ...service.pids('api/src/main.ts'),
    ...service.pids('worker/src/'),
    service.process.pid ?? 0,
  ]
  expect(pids.length).toBeGreaterThanOrEqual(4)
  // As an intruder in the API would, who may signal every process of the same user.
  const intruder = `
    for (const pid of ${JSON.stringify(pids)}) process.kill(pid, 'SIGUSR1')
    await new Promise((wake) => setTimeout(wake, 1_000))
    console.log(await fetch('http://127.0.0.1:9229/json/list').then(() => 'open', () => 'closed'))`
  const said = execFileSync(node, [...permissions, '--input-type=module', '-e', intruder], {
    encoding: 'utf8',
  })
  expect(said.trim()).toBe('closed')
  expect(await csrOf(service, await service.create({}))).toContain('BEGIN CERTIFICATE REQUEST')
})

test('can write nothing, but for a compile cache of its own where there is one', async () => {
  const prefix = '--allow-fs-write='
  const writable = api().flatMap((flag) =>
    flag.startsWith(prefix) ? flag.slice(prefix.length) : [],
  )
  const { NODE_COMPILE_CACHE } = process.env
  expect(writable).toEqual(NODE_COMPILE_CACHE ? [join(NODE_COMPILE_CACHE, 'api')] : [])
})

test('has no SQLite, which opens files without asking for permission', async () => {
  expect(api()).toContain('--no-experimental-sqlite')
})

test('has no core dumps, like all processes that could hold a key', async () => {
  const pids = [
    ...service.pids('api/src/main.ts'),
    ...service.pids('worker/src/'),
    ...service.pids('redis-server'),
  ]
  expect(pids.length).toBeGreaterThanOrEqual(4)
  for (const pid of pids) {
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0\s/)
  }
})
