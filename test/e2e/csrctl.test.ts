import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@csr-foundry/client'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
// @boundaries-ignore sessions are written and played the same way there
import { play } from '../../apps/cli/test/session.ts'
import { password, type Service, startService } from './start-service.ts'

leakGuard()

let service: Service
let folder: string
beforeAll(async () => {
  service = await startService({ environment: { WORKER_PROCESSES: '1' } })
  folder = await mkdtemp(join(tmpdir(), 'csrctl-e2e-'))
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const administrator = { username: 'admin', password }
const clientOf = (credentials: { username: string; password: string } | { token: string }) =>
  new Client({ url: service.url, ...credentials })

const shell = (session: string) =>
  play(session, folder, {
    CSRCTL_URL: service.url,
    CSRCTL_USER: 'admin',
    CSRCTL_PASSWORD: password,
  })

test('a request is fetched, found, and deleted with its key', async () => {
  const subject = { commonName: 'edge-1.example.com' }
  const { id } = await clientOf(administrator).requests.create({ ref: 'rack-12/slot-3', subject })
  expect(id).toBe('1')
  await shell(`
    $ csrctl get 1 --wait 30 --format der --out edge.der && openssl req -inform DER -in edge.der -noout -verify -subject
    Certificate request self-signature verify OK
    subject=CN…edge-1.example.com
    $ csrctl delete 1 1
    csrctl: 1: The request 1 was not found. Use a path that POST gave to your tenant and that has not been deleted.
    [1]
    $ curl -s -u "$CSRCTL_USER:$CSRCTL_PASSWORD" "$CSRCTL_URL/v1/keys/1" | grep -c key_not_found
    1
    `)
})

test('an imported key signs a CSR, is in use by it, and comes out nowhere', async () => {
  await shell(`
    $ openssl ecparam -name prime256v1 -genkey -noout -out edge-9.key && openssl pkey -in edge-9.key -pubout -out edge-9.pub
    $ openssl pkcs8 -topk8 -in edge-9.key -passout pass:'correct horse' -out edge-9.enc
    $ echo 'correct horse' | csrctl key import edge-9.enc --name edge-9 --password-file - --json | tee key.json | grep -c PRIVATE
    0
    [1]
    $ grep -o '"id": "[0-9]*"' key.json
    "id": "2"
    $ csrctl key import edge-9.key
    csrctl: …2… Use the key that the message names.
    [1]
    $ csrctl key get 2 --public-key | diff - edge-9.pub
    `)
  const client = clientOf(administrator)
  const { id } = await client.requests.create({ subject: { CN: 'edge-9' }, key: { id: '2' } })
  await client.requests.waitFor(id)
  await shell(`
    $ csrctl get ${id} | openssl req -noout -pubkey | diff - edge-9.pub
    $ csrctl key delete 2
    csrctl: 2: …
    [1]
    $ csrctl delete ${id} && csrctl key delete 2
    $ csrctl key list
    `)
})

test('users and tokens are made, limited to their roles, and ended', async () => {
  await shell(`
    $ printf 'hunter hunter 2\\n' | csrctl user add ada --roles read
    $ export ADMIN=$CSRCTL_PASSWORD CSRCTL_USER=ada CSRCTL_PASSWORD='hunter hunter 2'
    $ csrctl list
    $ csrctl token list
    csrctl: This operation needs the role admin. Ask an administrator of your tenant for the role that the message names.
    [4]
    $ printf 'hunter hunter 3\\n' | csrctl user password
    $ csrctl list
    csrctl: …Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.
    [4]
    $ export CSRCTL_USER=admin CSRCTL_PASSWORD=$ADMIN
    $ token=$(csrctl token add ci --roles submit,read --expires 1d); echo \${token%_*} \${#token}
    cf 46
    $ (unset CSRCTL_USER CSRCTL_PASSWORD; CSRCTL_TOKEN=$token csrctl list --json)
    []
    $ csrctl token delete $(csrctl token list --json | grep -o '"id": "[^"]*' | cut -c8-)
    $ csrctl user delete ada admin
    csrctl: admin: … Give another user the role admin first.
    [1]
    `)
})

test('a tenant sees its own, and nobody of a closed one gets in', async () => {
  await shell(`
    $ printf 'hunter hunter 4' | csrctl tenant add acme --admin eve --queued-requests 5
    $ eve() { CSRCTL_USER=eve@acme CSRCTL_PASSWORD='hunter hunter 4' csrctl "$@"; }
    $ eve user list
    NAME  LOGIN     ROLES                           CREATED
    eve   eve@acme  submit,read,export,audit,admin  …
    $ csrctl tenant set acme --close --queued-requests none && eve list
    csrctl: …
    [4]
    $ csrctl tenant list
    NAME     QUEUED LIMIT  CLOSED                CREATED
    acme     -             20…Z  20…
    default  -             -                     …
    `)
})

test('the client does what the commands do not: retry is refused, PEM and DER agree, health needs nobody', async () => {
  const client = clientOf(administrator)
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
  expect(await client.self.get()).toMatchObject({ name: 'admin', kind: 'user' })
  expect(await new Client({ url: service.url }).health.ready()).toMatchObject({ ready: true })
})
