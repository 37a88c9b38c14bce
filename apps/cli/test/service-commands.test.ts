import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterFolder, type Folder } from './folder.ts'
import {
  pem,
  refusal,
  request,
  type ScriptedService,
  startScriptedService,
} from './scripted-service.ts'
import { play, playHere } from './session.ts'

const away = { status: 503, body: refusal('unavailable', 503), headers: { 'retry-after': '0' } }

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

test('a CSR is printed, or written into a file, as PEM or DER', async () => {
  service.answers = { 'GET /v1/requests/7': { body: request('7', { state: 'ready', csr: pem }) } }
  await shell(`
    $ csrctl get 7
    -----BEGIN CERTIFICATE REQUEST-----
    AQID
    -----END CERTIFICATE REQUEST-----
    $ csrctl get 7 --format der --out 7.der
    `)
  expect(await readFile('7.der')).toEqual(Buffer.from([1, 2, 3]))
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
  const session = `
    $ csrctl list
    csrctl: There are no credentials. Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    [4]
    $ export CSRCTL_USER=admin CSRCTL_PASSWORD=secret
    $ csrctl list
    csrctl: This operation needs the role read. Do something about it.
    [4]
    `
  await play(session, folder.path, { CSRCTL_URL: service.url })
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
    $ csrctl key delete 1 2 3 4 5 --json
    csrctl: 1: It is key_in_use. Do something about it.
    csrctl: 3: It is credentials_invalid. Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    csrctl: Left: 4 5
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
    `)
})

test('what has failed in the tenant is shown by code and tried again, to the last of it', async () => {
  service.bodies.length = 0
  service.answers = {
    'GET /v1/failures': {
      body: {
        ...{ failed: 5_000, looked: 2_048 },
        groups: [
          { code: 'csr_not_made', count: 2_046, newest: ['9', '8', '7', '6'] },
          { code: 'worker_died', count: 2, newest: ['4', '2'] },
        ],
      },
    },
    'POST /v1/failures/retry': [
      { status: 202, body: { retried: 2_000, next: 'on' } },
      { status: 202, body: { retried: 46 } },
    ],
  }
  await shell(`
    $ csrctl failures
    CODE          COUNT  NEWEST
    csr_not_made  2,046  9,8,7,…
    worker_died   2      4,2
    csrctl: Of 5,000 failed requests these are the newest 2,048.
    $ csrctl failures retry csr_not_made
    code:    csr_not_made
    retried: 2046
    $ csrctl failures retry all
    csrctl: 'all' is invalid for argument 'code'. It is a code, as csrctl failures shows it.
    Run "csrctl failures retry --help" to see what it takes.
    [2]
    `)
  const code = 'csr_not_made'
  expect(service.bodies).toEqual([{ code }, { code, cursor: 'on' }])
})
