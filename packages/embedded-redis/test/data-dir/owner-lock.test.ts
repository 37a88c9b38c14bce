import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDataDir } from '../../src/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('is held until it is released', () => {
  const dataDir = temporaryFolder()
  const lock = lockDataDir(dataDir)
  expect(() => lockDataDir(dataDir)).toThrow(expect.objectContaining({ code: 'data_dir_in_use' }))
  expect(() => lockDataDir(dataDir)).toThrow(`process ${process.pid}`)
  lock.release()
  lock.release()
  using again = lockDataDir(dataDir)
  expect(again).toBeDefined()
})

test('what a dead owner wrote keeps nobody out', () => {
  const dataDir = temporaryFolder()
  writeFileSync(join(dataDir, 'owner.lock'), '')
  writeFileSync(join(dataDir, 'owner.json'), JSON.stringify({ pid: 1, host: 'here' }))
  using lock = lockDataDir(dataDir)
  expect(lock).toBeDefined()
})

test('a folder that is not there cannot be owned', () => {
  const dataDir = join(temporaryFolder(), 'missing')
  expect(() => lockDataDir(dataDir)).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }))
})
