import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVault } from '../src/index.ts'
import { readMasterKeyFile } from '../src/master-key-file.ts'
import { openMasterKey } from '../src/open-master-key.ts'
import { keyPair } from './key-pair.ts'
import type { Surroundings } from './start-surroundings.ts'
import { withEmptySurroundings } from './with-empty-surroundings.ts'

let surroundings: Surroundings
let path: string
withEmptySurroundings((started, ownFolder) => {
  surroundings = started
  path = join(ownFolder, 'keys', 'master.key')
})

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
const aKey = () => randomBytes(32).toString('base64')
const open = () => openMasterKey(surroundings.redis, path)
const openedId = async () => (await open()).ids[0] ?? ''

function write(text: string, mode = 0o600): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text, { mode })
}

test('the first start of all makes a key that its owner alone can read', async () => {
  const currentId = await openedId()
  expect(modeOf(path)).toBe('600')
  expect(modeOf(join(path, '..'))).toBe('700')
  expect(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')).toHaveLength(32)
  expect(await surroundings.redis.hgetall('vault:masters')).toEqual({ current: currentId })
})

test('a folder that was there keeps its mode: it may hold what others need', async () => {
  const folder = join(path, '..')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  await open()
  expect(modeOf(folder)).toBe('755')
  expect(modeOf(path)).toBe('600')
})

test('a later start opens the key that is there and leaves the file as it is', async () => {
  const currentId = await openedId()
  const before = readFileSync(path)
  expect(await openedId()).toBe(currentId)
  expect(readFileSync(path)).toEqual(before)
})

test('a key that its operator made is taken at the first start', async () => {
  write(aKey())
  const currentId = await openedId()
  expect(await surroundings.redis.hget('vault:masters', 'current')).toBe(currentId)
})

test('a lost file is told, and no new one is made', async () => {
  const currentId = await openedId()
  rmSync(path)
  await expect(open()).rejects.toMatchObject({
    code: 'master_key_lost',
    message: expect.stringContaining(currentId),
  })
  expect(existsSync(path)).toBe(false)
})

test('the key of another installation is refused, and what Redis knows stays', async () => {
  const currentId = await openedId()
  write(aKey())
  await expect(open()).rejects.toMatchObject({
    code: 'master_key_other',
    message: expect.stringContaining(currentId),
  })
  expect(await surroundings.redis.hgetall('vault:masters')).toEqual({ current: currentId })
})

test.each(['604', '644', '602', '666'])(
  'a file of mode %s, open to every user, is refused',
  async (mode) => {
    write(aKey())
    chmodSync(path, Number.parseInt(mode, 8))
    await expect(open()).rejects.toMatchObject({
      code: 'master_key_file',
      message: expect.stringContaining('chmod 600'),
    })
  },
)

test('a file that a group may read is accepted, as container secrets are mounted', async () => {
  write(aKey(), 0o440)
  await expect(open()).resolves.toMatchObject({ ids: [expect.any(String)] })
})

test.each([
  ['is empty', ''],
  ['has comments only', '# openssl rand -base64 32\n'],
  ['has a key that is too short', randomBytes(16).toString('base64')],
  ['has a key in hex', randomBytes(32).toString('hex')],
  ['has three keys', [aKey(), aKey(), aKey()].join('\n')],
])('a file that %s is refused without showing it', async (_, text) => {
  write(text)
  const error = (await open().catch((thrown: unknown) => thrown)) as Error
  expect(error).toMatchObject({
    code: 'master_key_file',
    message: expect.stringContaining('openssl rand -base64 32'),
  })
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith('#')) expect(error.message).not.toContain(line)
  }
  expect(await surroundings.redis.exists('vault:masters')).toBe(0)
})

test('a path that cannot be read is told with its reason', async () => {
  mkdirSync(path, { recursive: true })
  await expect(open()).rejects.toMatchObject({
    code: 'master_key_file',
    message: `${path} cannot be read (EISDIR).`,
  })
})

test('comments, empty lines and line ends of Windows are no part of a key', async () => {
  const [current, previous] = [aKey(), aKey()]
  write(`${current}\n${previous}\n`)
  const plain = await readMasterKeyFile(path)
  write(
    `# made by hand\r\n\r\n  ${current}  \r\n# until the end of the year\r\n${previous}\r\n\r\n`,
  )
  expect((await readMasterKeyFile(path))?.ids).toEqual(plain?.ids)
  expect(plain?.ids).toHaveLength(2)
})

test('no file is no key', async () => {
  expect(await readMasterKeyFile(path)).toBeUndefined()
})

test('an id tells keys apart and shows nothing of them', async () => {
  const key = aKey()
  write(key)
  const one = await readMasterKeyFile(path)
  write(aKey())
  const other = await readMasterKeyFile(path)
  expect(one?.ids[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(one?.ids[0]).not.toBe(other?.ids[0])
  expect(Buffer.from(key, 'base64').toString('hex')).not.toContain(one?.ids[0])
})

test('the previous key, as second line, opens what was sealed under it; without it nobody does', async () => {
  const { redis } = surroundings
  const { owner, pkcs8 } = keyPair()
  const sealed = await (await openVault(redis, path)).seal(pkcs8, owner)
  const previous = readFileSync(path, 'utf8')
  const current = aKey()
  write(`${current}\n${previous}`)
  const rotated = await readMasterKeyFile(path)
  // What a rotation does in Redis.
  await redis.hset('vault:masters', 'current', rotated?.ids[0] ?? '')

  const vault = await openVault(redis, path)
  expect(await vault.open(sealed, owner)).toEqual(pkcs8)
  const anew = await vault.seal(pkcs8, owner)
  write(current)
  const without = await openVault(redis, path)
  expect(await without.open(anew, owner)).toEqual(pkcs8)
  await expect(without.open(sealed, owner)).rejects.toMatchObject({
    code: 'master_key_other',
    message: expect.stringContaining('second line'),
  })
})
