import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { program, startCsrctl } from './start-csrctl.ts'

/** Starts it with a folder of caches, where it then keeps its own in `kept`. */
async function startIn(caches: string, by?: string) {
  const environment = { XDG_CACHE_HOME: caches, NODE_COMPILE_CACHE: '' }
  const around = { environment, ...(by !== undefined && { by }) }
  const { code, stdout, stderr } = await startCsrctl(['--version'], around)
  expect([code, stdout, stderr]).toEqual([0, '0.1.0\n', ''])
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'csrctl-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const kept = (caches: string) => join(caches, 'csr-foundry/csrctl')

test('what is compiled is kept in a folder that its user alone can read, and is used again', async () => {
  const caches = join(temporaryFolder(), 'new')
  const link = join(temporaryFolder(), 'csrctl')
  symlinkSync(program, link)
  await startIn(caches, link)
  expect(statSync(kept(caches)).mode & 0o777).toBe(0o700)
  expect(readdirSync(kept(caches))).not.toEqual([])
  await startIn(caches)
})

test('a folder that others can write is not used', async () => {
  const caches = temporaryFolder()
  mkdirSync(kept(caches), { recursive: true })
  chmodSync(kept(caches), 0o777)
  await startIn(caches)
  expect(readdirSync(kept(caches))).toEqual([])
})

test('it starts where nothing can be kept, and by its TypeScript alone', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  await startIn(file)
  await startIn(file, resolve(program, '../main.ts'))
})
