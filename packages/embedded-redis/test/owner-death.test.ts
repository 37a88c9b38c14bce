import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startEmbeddedRedis } from '../src/index.ts'
import { clientOf, started } from './client.ts'
import { pathWithout } from './path-folder.ts'
import { runs } from './runs.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('an owner that is killed takes its Redis along; the data can be used at once', async () => {
  const dataDir = temporaryFolder()
  const { owner, url, pid } = await ownerOf(dataDir)
  await clientOf(url).set('key', 'value')
  owner.kill('SIGKILL')
  await once(owner, 'exit')

  const next = await started({ dataDir })
  expect(await clientOf(next.url).get('key')).toBe('value')
  await vi.waitFor(() => expect(runs(pid)).toBe(false), 5000)
})

test('the kernel ends the Redis of a killed owner although nobody starts another', async () => {
  const { owner, pid } = await ownerOf(temporaryFolder())
  owner.kill('SIGKILL')
  await vi.waitFor(() => expect(runs(pid)).toBe(false), 5000)
})

test('where setpriv is missing, the next start ends the Redis that a killed owner left', async () => {
  const dataDir = temporaryFolder()
  const { owner, url, pid } = await ownerOf(dataDir, pathWithout(/^setpriv$/))
  await clientOf(url).set('key', 'value')
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(runs(pid)).toBe(true)

  const log = vi.fn()
  const next = await started({ dataDir, log })
  expect(log).toHaveBeenCalledWith('awaiting the end of the Redis that an earlier run left')
  await expect.poll(() => runs(pid)).toBe(false)
  expect(await clientOf(next.url).get('key')).toBe('value')
})

test('a second owner is told the first one by its process id, also while that one hangs', async () => {
  const dataDir = temporaryFolder()
  const { owner } = await ownerOf(dataDir)
  owner.kill('SIGSTOP')
  await expect(startEmbeddedRedis({ dataDir })).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringContaining(`process ${owner.pid}.`),
  })
})

async function ownerOf(dataDir: string, path = process.env.PATH ?? '') {
  const script = join(import.meta.dirname, 'owner.ts')
  const owner: ChildProcess = spawn(process.execPath, [script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: path },
  })
  const [line] = await once(owner.stdout ?? owner, 'data')
  const { url, pid } = JSON.parse(String(line)) as { url: string; pid: number }
  onTestFinished(async () => {
    owner.kill('SIGKILL')
    if (runs(pid)) process.kill(pid, 'SIGTERM')
    await vi.waitFor(() => expect(runs(pid)).toBe(false), 5000)
  })
  return { owner, url, pid }
}
