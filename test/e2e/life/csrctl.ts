import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { Client } from '@csr-foundry/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @boundaries-ignore sessions are written and played the same way there
import { enterFolder, type Folder } from '../../../apps/cli/test/folder.ts'
// @boundaries-ignore as above
import { runHere } from '../../../apps/cli/test/in-process.ts'
// @boundaries-ignore as above
import { play, playHere } from '../../../apps/cli/test/session.ts'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { password } from '../start-service.ts'
import { service } from './service.ts'

let tenant: Tenant
let folder: Folder
beforeAll(async () => {
  tenant = await makeTenant(service, 'csrctl')
  folder = await enterFolder()
})
afterAll(() => folder[Symbol.asyncDispose]())

const newClient = () => new Client({ url: service.url, username: tenant.login, password })

const environmentOf = (user = tenant.login, its = password) => ({
  CSRCTL_URL: service.url,
  CSRCTL_USER: user,
  CSRCTL_PASSWORD: its,
})
const session = (text: string) => playHere(text, environmentOf())
const shell = (text: string) => play(text, folder.path, environmentOf())

test('a request is fetched, found, and deleted with its key', async () => {
  const subject = { commonName: 'edge-1.example.com' }
  const { id } = await newClient().requests.create({ ref: 'rack-12/slot-3', subject })
  expect(id).toBe('1')
  await shell(`
    $ csrctl get 1 --wait 30 --format der | openssl req -inform DER -noout -verify -subject
    Certificate request self-signature verify OK
    subject=CN…edge-1.example.com
    `)
  await session(`
    $ csrctl delete 1 1
    csrctl: 1: The request 1 was not found. Use a path that POST gave to your tenant and that has not been deleted.
    [1]
    $ csrctl key get 1
    csrctl: …1…
    [1]
    `)
})

test('an imported key signs a CSR, is in use by it, and comes out nowhere', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = { type: 'pkcs8', format: 'pem' } as const
  const sealed = { ...pem, cipher: 'aes-256-cbc', passphrase: 'correct horse' }
  const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await writeFile('edge-9.key', privateKey.export(pem))
  await writeFile('edge-9.enc', privateKey.export(sealed))
  await writeFile('edge-9.pub', spki)
  const args = ['key', 'import', 'edge-9.enc', '--name', 'edge-9', '--password-file', '-', '--json']
  const around = { environment: environmentOf(), stdin: 'correct horse\n' }
  const { stdout, stderr } = await runHere(args, around)
  expect(JSON.parse(stdout)).toMatchObject({ id: '2', name: 'edge-9', publicKey: spki })
  expect(stdout + stderr).not.toContain('PRIVATE')
  await session(`
    $ csrctl key import edge-9.key
    csrctl: …2… Use the key that the message names.
    [1]
    `)
  const client = newClient()
  const { id } = await client.requests.create({ subject: { CN: 'edge-9' }, key: { id: '2' } })
  await client.requests.waitFor(id)
  await shell(`
    $ csrctl get ${id} | openssl req -noout -pubkey | diff - edge-9.pub
    `)
  await session(`
    $ csrctl key delete 2
    csrctl: 2: …
    [1]
    $ csrctl delete ${id}
    $ csrctl key delete 2
    $ csrctl key list
    `)
})

test('users and tokens are made, limited to their roles, and ended', async () => {
  await writeFile('ada.password', 'hunter hunter 2\n')
  await writeFile('next.password', 'hunter hunter 3\n')
  await session(`
    $ csrctl user add ada --roles read --password-file ada.password
    `)
  await playHere(
    `
    $ csrctl list
    $ csrctl token list
    csrctl: This operation needs the role admin. Ask an administrator of your tenant for the role that the message names.
    [4]
    $ csrctl user password --password-file next.password
    $ csrctl list
    csrctl: …Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    [4]
    `,
    environmentOf('ada@csrctl', 'hunter hunter 2'),
  )
  const args = ['token', 'add', 'ci', '--roles', 'submit,read', '--expires', '1d']
  const made = await runHere(args, { environment: environmentOf() })
  expect(made).toMatchObject({ stdout: expect.stringMatching(/^cf_[\w-]{43}\n$/), stderr: '' })
  const token = made.stdout.trim()
  await playHere('$ csrctl list --json\n[]\n', { CSRCTL_URL: service.url, CSRCTL_TOKEN: token })
  const { value: ci } = await newClient().tokens.list().next()
  await session(`
    $ csrctl token delete ${ci?.id}
    $ csrctl user delete ada boss
    csrctl: boss: …role admin…
    [1]
    `)
})

test('a tenant sees its own, and nobody of a closed one gets in', async () => {
  await writeFile('eve.password', 'hunter hunter 4')
  const eve = environmentOf('eve@globex', 'hunter hunter 4')
  const ofTenants = (text: string) => playHere(text, environmentOf('admin'))
  await ofTenants(`
    $ csrctl tenant add globex --admin eve --queued-requests 5 --password-file eve.password
    `)
  await playHere(
    `
    $ csrctl user list
    NAME  LOGIN       ROLES                           CREATED
    eve   eve@globex  submit,read,export,audit,admin  …
    `,
    eve,
  )
  await ofTenants(`
    $ csrctl tenant set globex --close --queued-requests none
    $ csrctl tenant list
    NAME     QUEUED LIMIT  CLOSED                CREATED
    …
    csrctl   -             -                     20…
    …
    default  -             -                     …
    globex   -             20…Z  20…
    …
    `)
  await playHere(
    `
    $ csrctl list
    csrctl: …
    [4]
    `,
    eve,
  )
})

test('the client does what the commands do not: retry is refused, PEM and DER agree, health needs nobody', async () => {
  const client = newClient()
  const policy = await client.policy.get()
  expect(await client.policy.set({ ...policy, defaultKey: 'ed25519' })).toMatchObject({
    defaultKey: 'ed25519',
  })
  const { id } = await client.requests.create({ subject: 'CN=edge-3' }, { wait: 20 })
  const { csr, key } = await client.requests.waitFor(id)
  expect(key?.algorithm).toBe('ed25519')
  expect(await client.requests.getPem(id)).toBe(csr)
  const der = await client.requests.getDer(id)
  expect(csr?.replace(/-----.*-----|\s/g, '')).toBe(der.toString('base64'))
  await expect(client.requests.retry(id)).rejects.toMatchObject({ code: 'request_not_failed' })
  expect(await client.self.get()).toMatchObject({ name: 'boss', kind: 'user' })
  expect(await new Client({ url: service.url }).health.ready()).toMatchObject({ ready: true })
})
