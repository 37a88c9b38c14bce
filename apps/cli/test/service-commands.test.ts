import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, type ScriptedService, startScriptedService } from './scripted-service.ts'
import { play } from './session.ts'

const pem = '-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n'
const times = { created: '2026-01-02T03:04:05.678Z' }
const request = (id: string, more: object) => ({
  id,
  times,
  links: { self: `/v1/requests/${id}` },
  ...more,
})
const away = { status: 503, body: refusal('unavailable', 503), headers: { 'retry-after': '0' } }

let service: ScriptedService
let folder: string
beforeAll(async () => {
  service = await startScriptedService()
  folder = await mkdtemp(join(tmpdir(), 'csrctl-test-'))
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const shell = (
  session: string,
  environment: Record<string, string> = { CSRCTL_TOKEN: 'a-token' },
) => play(session, folder, { CSRCTL_URL: service.url, ...environment })

test('a CSR is printed, or written into a file, as PEM or DER', async () => {
  service.answers = { 'GET /v1/requests/7': { body: request('7', { state: 'ready', csr: pem }) } }
  await shell(`
    $ csrctl get 7
    -----BEGIN CERTIFICATE REQUEST-----
    AQID
    -----END CERTIFICATE REQUEST-----
    $ csrctl get 7 --format der --out 7.der
    `)
  expect(await readFile(join(folder, '7.der'))).toEqual(Buffer.from([1, 2, 3]))
})

test('a request without a CSR says why, with an exit code that says whether to ask again', async () => {
  const problem = refusal('csr_not_made', 500, 'The CSR could not be made.')
  service.answers = {
    'GET /v1/requests/1': {
      body: request('1', { state: 'running' }),
      headers: { 'retry-after': '9' },
    },
    'GET /v1/requests/2': { body: request('2', { state: 'failed', problem }) },
    'GET /v1/requests/3': {
      status: 404,
      body: refusal('path_not_found', 404, 'The path 3 is not valid.'),
    },
  }
  await shell(`
    $ csrctl get 1
    csrctl: Request 1 is running. Give it time with --wait SECONDS, or ask again later.
    [3]
    $ csrctl get 2
    csrctl: The CSR could not be made. See all of it with: csrctl get 2 --json
    [1]
    $ csrctl get 3 --json
    {
      "error": {
        "code": "path_not_found",
        "message": "The path 3 is not valid.",
        "hint": "Do something about it."
      }
    }
    csrctl: The path 3 is not valid. Do something about it.
    [1]
    `)
})

test('who is not known or not allowed is told what to set, with exit code 4', async () => {
  service.answers = {
    'GET /v1/requests': {
      status: 403,
      body: refusal('role_missing', 403, 'This operation needs the role read.'),
    },
  }
  await shell(
    `
    $ csrctl list
    csrctl: There are no credentials. Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    [4]
    $ export CSRCTL_USER=admin CSRCTL_PASSWORD=secret
    $ csrctl list
    csrctl: This operation needs the role read. Do something about it.
    [4]
    `,
    {},
  )
})

test('a busy service is asked again, and nobody wonders why it takes long', async () => {
  service.answers = { 'GET /v1/requests': [away, { body: { requests: [] } }] }
  await shell(`
    $ csrctl list --json
    csrctl: It is unavailable. Trying again in 0.… s.
    []
    $ csrctl list --url http://127.0.0.1:2
    csrctl: http://127.0.0.1:2 cannot be reached: nothing listens there. Trying again in 0.… s.
    …
    csrctl: http://127.0.0.1:2 cannot be reached: nothing listens there. Check CSRCTL_URL or --url, and that the service runs.
    [3]
    `)
})

test('a list is cut at its limit with a word, and nothing in it acts on the terminal', async () => {
  const names = ['edge-1', '\u001b[2Jbücher', '']
  const requests = names.map((commonName, i) =>
    request(String(9 - i), { state: 'ready', key: { algorithm: 'ed25519' }, commonName, ref: 'r' }),
  )
  service.answers = { 'GET /v1/requests': { body: { requests } } }
  await shell(`
    $ csrctl list --limit 2
    csrctl: These are the first 2. See more with --limit.
    PATH  STATE  KEY      COMMON NAME      REF  CREATED
    9     ready  ed25519  edge-1           r    2026-01-02 03:04:05Z
    8     ready  ed25519  \\u{1b}[2Jbücher  r    2026-01-02 03:04:05Z
    `)
})

test('of several deletes each is told, and what cannot go on is said to be left', async () => {
  service.answers = {
    'DELETE /v1/keys/1': { status: 409, body: refusal('key_in_use', 409) },
    'DELETE /v1/keys/2': { status: 204, body: '' },
    'DELETE /v1/keys/3': { status: 401, body: refusal('credentials_invalid', 401) },
  }
  await shell(`
    $ csrctl key delete 1 2 3 4 5 --json 2>messages
    [
      {
        "id": "1",
        "deleted": false,
        "error": {
          "code": "key_in_use",
          "message": "It is key_in_use.",
          "hint": "Do something about it."
        }
      },
      {
        "id": "2",
        "deleted": true
      },
      {
        "id": "3",
        "deleted": false,
        "error": {
          "code": "credentials_invalid",
          "message": "It is credentials_invalid.",
          "hint": "Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD."
        }
      }
    ]
    [4]
    $ cat messages
    csrctl: 1: It is key_in_use. Do something about it.
    csrctl: 3: It is credentials_invalid. Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    csrctl: Left: 4 5
    `)
})

test('a key is read with care, and sent with its password, and nothing of them is shown', async () => {
  const key = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----\n'
  await writeFile(join(folder, 'edge.key'), key)
  await writeFile(join(folder, 'password'), 'correct horse\n')
  await writeFile(join(folder, 'disk.img'), Buffer.alloc(64 * 1024 + 1))
  await writeFile(join(folder, 'edge.pem'), pem)
  const view = {
    id: '4',
    algorithm: 'ed25519',
    publicKey: 'PEM',
    spkiSha256: '00',
    custody: 'exportable',
    origin: 'imported',
    inUse: false,
    created: times.created,
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
    csrctl: It has more than 64 KiB, as no private key has. Check that it is the file you mean.
    [2]
    `)
  const password = 'correct horse'
  expect(service.bodies).toEqual([
    { privateKey: key, name: 'edge', custody: 'exportable', password },
  ])
})

test('wrong usage says where to look', async () => {
  await shell(`
    $ csrctl get 7 --wait soon
    csrctl: option '--wait <seconds>' argument 'soon' is invalid. It is a whole number from 0 to 86400.
    Run "csrctl get --help" to see what it takes.
    [2]
    $ CSRCTL_USER=admin csrctl policy get
    csrctl: There are a token and a user. Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD, not both.
    [2]
    $ csrctl list --url https://admin:secret@example.com
    csrctl: The URL holds credentials; give them apart from it. Correct CSRCTL_URL or --url, CSRCTL_TOKEN, CSRCTL_USER.
    [2]
    `)
})
