import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterFolder, type Folder } from './folder.ts'
import { runHere } from './in-process.ts'
import { pem, request, type ScriptedService, startScriptedService } from './scripted-service.ts'
import { playHere } from './session.ts'

let service: ScriptedService
let folder: Folder
beforeAll(async () => {
  service = await startScriptedService()
  folder = await enterFolder()
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})

const environment = () => ({ CSRCTL_URL: service.url, CSRCTL_TOKEN: 'a-token' })
const shell = (session: string) => playHere(session, environment())

test('wrong usage says where to look, and calls nobody', async () => {
  await shell(`
    $ csrctl get 7 --wait soon
    csrctl: option '--wait <seconds>' argument 'soon' is invalid. It is a whole number from 0 to 86400.
    Run "csrctl get --help" to see what it takes.
    [2]
    $ csrctl get 7 --format der --json
    csrctl: '--json' and '--format der' exclude each other.
    Run "csrctl get --help" to see what it takes.
    [2]
    $ csrctl list --url https://admin:secret@example.com
    csrctl: The URL holds credentials; give them apart from it. Correct CSRCTL_URL or --url, CSRCTL_TOKEN, CSRCTL_USER.
    [2]
    `)
  const both = { ...environment(), CSRCTL_USER: 'admin' }
  expect(await runHere(['policy', 'get'], { environment: both })).toMatchObject({
    stderr:
      'csrctl: There are a token and a user. Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD, not both.\n',
    code: 2,
  })
})

test.each(['get', 'delete', 'key get', 'key delete'])(
  '%s of what is no id is wrong usage',
  async (command) => {
    const argument = command.includes('key') ? 'id' : 'path'
    await shell(`
    $ csrctl ${command} 07
    csrctl: '07' is invalid for argument '${argument}'. It is a whole number from 1 on.
    Run "csrctl ${command} --help" to see what it takes.
    [2]
    `)
  },
)

test('a key is read with care, and sent with its password, and nothing of them is shown', async () => {
  const key = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----\n'
  await writeFile('edge.key', key)
  await writeFile('password', 'correct horse\n')
  await writeFile('disk.img', Buffer.alloc(64 * 1024 + 1))
  await writeFile('edge.pem', pem)
  const view = {
    id: '4',
    algorithm: 'ed25519',
    publicKey: 'PEM',
    spkiSha256: '00',
    custody: 'exportable',
    origin: 'imported',
    inUse: false,
    created: '2026-01-02T03:04:05.678Z',
    links: { self: '/v1/keys/4' },
  }
  service.answers = { 'POST /v1/keys': { status: 201, body: view } }
  service.bodies.length = 0
  await shell(`
    $ csrctl key import edge.key --name edge --custody exportable --password-file password
    4
    $ csrctl key import edge.pem
    csrctl: There is no private key as PEM in edge.pem. Give the key as PEM: openssl pkey -inform DER -in FILE makes it of DER.
    [2]
    $ csrctl key import disk.img
    csrctl: The private key cannot be read from disk.img. It has more than 64 KiB, as no private key has. Check that it is the file you mean.
    [2]
    $ csrctl key import gone.key
    csrctl: The private key cannot be read from gone.key. There is no such file. Check its name and the folder that it should be in.
    [2]
    `)
  const password = 'correct horse'
  expect(service.bodies).toEqual([
    { privateKey: key, name: 'edge', custody: 'exportable', password },
  ])
})

test('DER is refused on a terminal, where it could act, and goes into files and pipes', async () => {
  service.answers = { 'GET /v1/requests/7': { body: request('7', { state: 'ready', csr: pem }) } }
  const args = ['get', '7', '--format', 'der']
  const around = { environment: environment(), terminal: true } as const
  expect(await runHere(args, around)).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^csrctl: DER is not for terminals. Name a file with '--out'.\n/),
    code: 2,
  })
  expect(await runHere([...args, '--out', 'a.der'], around)).toMatchObject({ shown: '', code: 0 })
  expect(await readFile('a.der')).toEqual(Buffer.from([1, 2, 3]))
  const { stdout, code } = await runHere(args, { environment: environment() })
  expect({ stdout, code }).toEqual({ stdout: '\u0001\u0002\u0003', code: 0 })
})

test('a file that cannot be written is named', async () => {
  service.answers = { 'GET /v1/requests/7': { body: request('7', { state: 'ready', csr: pem }) } }
  await shell(`
    $ csrctl get 7 --out gone/7.pem
    csrctl: gone/7.pem cannot be written (ENOENT). Check that its folder is there, that you may write in it, and that the disk has room.
    [2]
    `)
})

test('a password comes from standard input or a file, and one that is empty is missed by name', async () => {
  const add = ['user', 'add', 'bob', '--roles', 'read']
  const hint = 'Give it in a file with --password-file, on standard input, or on a terminal.'
  for (const stdin of ['', '\n']) {
    expect(await runHere(add, { environment: environment(), stdin })).toMatchObject({
      shown: `csrctl: The password on standard input is empty. ${hint}\n`,
      code: 2,
    })
  }
  await writeFile('empty', '')
  await shell(`
    $ csrctl ${add.join(' ')} --password-file empty
    csrctl: The password in empty is empty. ${hint}
    [2]
    $ csrctl ${add.join(' ')} --password-file gone
    csrctl: The password cannot be read from gone. There is no such file. Check its name and the folder that it should be in.
    [2]
    `)
  const links = { self: '/v1/accounts/users/bob' }
  const body = { name: 'bob', login: 'bob', roles: ['read'], links }
  service.answers = { 'POST /v1/accounts/users': { status: 201, body } }
  service.bodies.length = 0
  const seen = await runHere(add, { environment: environment(), stdin: 'correct horse\n' })
  expect(seen).toMatchObject({ shown: '', code: 0 })
  expect(service.bodies).toEqual([{ name: 'bob', password: 'correct horse', roles: ['read'] }])
})
