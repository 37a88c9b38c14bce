import { expect, test, vi } from 'vitest'
import { serverOnPath } from '../../src/find/path.ts'
import { fakeProgram } from '../path-folder.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function searchOn(...folders: string[]) {
  const passOver = vi.fn()
  const env = { PATH: folders.join(':') }
  return { passOver, search: { env, cacheDir: '/not/used', log: vi.fn(), passOver } }
}

test('passes over a server that is too old, says so, and takes the newer one behind it', async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  const old = fakeProgram(first, 'redis-server', 'Redis server v=6.2.14 sha=00000000:0 bits=64')
  const newer = fakeProgram(second, 'redis-server', 'Redis server v=7.0.0 sha=00000000:0 bits=64')
  const { search, passOver } = searchOn(first, second)
  const found = await serverOnPath(search)
  expect(found?.source).toEqual({
    way: 'path',
    version: '7.0.0',
    text: `Redis 7.0.0 at ${newer}`,
  })
  expect(passOver.mock.calls).toEqual([[`${old} is Redis 6.2.14, needed is 7.0 or later`]])
})

test.each([
  ['valkey-server', 'Valkey server v=8.0.1 sha=00000000:0', 'Valkey 8.0.1'],
  ['redis-server', 'Valkey server v=7.2.5 sha=00000000:0', 'Valkey 7.2.5'],
  ['redis-server', 'Redis server v=8.0.0-rc1 sha=00000000:1', 'Redis 8.0.0-rc1'],
  ['redis-server', 'Redis server v=10.0.0 sha=00000000:1', 'Redis 10.0.0'],
])('takes %s that says "%s"', async (name, says, text) => {
  const folder = temporaryFolder()
  const path = fakeProgram(folder, name, says)
  const found = await serverOnPath(searchOn(folder).search)
  expect(found?.source.text).toBe(`${text} at ${path}`)
})

test.each([
  ['Valkey server v=7.1.9 sha=00000000:0', 'is Valkey 7.1.9, needed is 7.2 or later'],
  ['not what it seems', 'does not tell its version'],
])('does not take valkey-server that says "%s"', async (says, reason) => {
  const folder = temporaryFolder()
  const path = fakeProgram(folder, 'valkey-server', says)
  const { search, passOver } = searchOn(folder)
  expect(await serverOnPath(search)).toBeUndefined()
  expect(passOver).toHaveBeenCalledWith(expect.stringContaining(`${path} ${reason}`))
})
