import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './raw-calls.ts'

leakGuard()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csr-foundry-tls-'))
  await Promise.all(['one', 'two', 'three'].map(makePair))
})
afterAll(() => rm(folder, { recursive: true }))

/** `<name>/cert.pem` and `<name>/key.pem`, for CN=<name>. */
async function makePair(name: string): Promise<void> {
  await mkdir(join(folder, name))
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', join(folder, name, 'key.pem'), '-out', join(folder, name, 'cert.pem')]
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, '-subj', `/CN=${name}`, ...files])
}

async function startTls(): Promise<TestServer & { certFile: string; keyFile: string }> {
  const live = await mkdtemp(join(folder, 'live-'))
  await cp(join(folder, 'one'), live, { recursive: true })
  const tls = { certFile: join(live, 'cert.pem'), keyFile: join(live, 'key.pem') }
  const limits = { lookAtTlsFiles: 20 }
  const routes: Parameters<typeof startServer>[0] = (app) =>
    app.get('/', (c) => c.json({ well: true }))
  return { ...(await startServer(routes, { tls, limits })), ...tls }
}

/** As a renewal does it: a file at a time, each by a rename. */
async function replace(to: string, { certFile, keyFile }: { certFile: string; keyFile: string }) {
  for (const [name, file] of [
    ['cert.pem', certFile],
    ['key.pem', keyFile],
  ] as const) {
    await cp(join(folder, to, name), `${file}.new`)
    await rename(`${file}.new`, file)
  }
}

async function nameServed(url: string): Promise<string> {
  const { port } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>()
  const socket: TLSSocket = connect(
    { port: Number(port), host: '127.0.0.1', rejectUnauthorized: false },
    () => resolve(socket.getPeerCertificate()),
  )
  socket.on('error', reject)
  const { subject } = await promise
  socket.destroy()
  return String(subject.CN)
}

function get(url: string, agent: Agent): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  request(url, { agent, rejectUnauthorized: false }, (response) => {
    response.resume().on('end', () => resolve(response.statusCode))
  })
    .on('error', reject)
    .end()
  return promise
}

test('a replaced certificate serves new connections, and no call of 200 is dropped', async () => {
  await using server = await startTls()
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const statuses: (number | undefined)[] = []
  const callers = Array.from({ length: 20 }, async (_, caller) => {
    for (let i = 0; i < 10; i++) {
      statuses.push(await get(server.url, agent))
      if (i === 4 && caller === 0) await replace('two', server)
    }
  })
  await Promise.all(callers)
  await expect.poll(() => nameServed(server.url)).toBe('two')
  // The connections of before go on.
  statuses.push(await get(server.url, agent))
  expect(statuses).toEqual(Array.from({ length: 201 }, () => 200))
  agent.destroy()
})

test('a folder that is another link, as in Kubernetes, is followed', async () => {
  const mount = await mkdtemp(join(folder, 'mount-'))
  const point = async (name: string) => {
    await symlink(join(folder, name), join(mount, '..data.new'))
    await rename(join(mount, '..data.new'), join(mount, '..data'))
  }
  await point('one')
  for (const name of ['cert.pem', 'key.pem']) await symlink(join('..data', name), join(mount, name))
  const tls = { certFile: join(mount, 'cert.pem'), keyFile: join(mount, 'key.pem') }
  const limits = { lookAtTlsFiles: 20 }
  await using server = await startServer((app) => app.get('/', (c) => c.text('')), { tls, limits })
  expect(await nameServed(server.url)).toBe('one')
  await point('three')
  await expect.poll(() => nameServed(server.url)).toBe('three')
})

test('SIGHUP has the files looked at now; between two files of a pair is no fault', async () => {
  const live = await mkdtemp(join(folder, 'live-'))
  await cp(join(folder, 'one'), live, { recursive: true })
  const tls = { certFile: join(live, 'cert.pem'), keyFile: join(live, 'key.pem') }
  await using server = await startServer((app) => app.get('/', (c) => c.text('')), { tls })
  await cp(join(folder, 'two/cert.pem'), tls.certFile)
  process.emit('SIGHUP')
  expect(await nameServed(server.url)).toBe('one')
  await cp(join(folder, 'two/key.pem'), tls.keyFile)
  process.emit('SIGHUP')
  expect(await nameServed(server.url)).toBe('two')
  expect(server.logged()).toMatchObject([{ level: 30, msg: 'TLS certificate replaced' }])
})

test.each([
  ['of another certificate', 'key', 'is not the key of the first certificate'],
  ['that is none', 'no key', 'is not a private key in PEM'],
  ['that is gone', undefined, 'cannot be read'],
])('a key %s changes nothing and is warned about once', async (_, content, reason) => {
  await using server = await startTls()
  if (content === undefined) await rm(server.keyFile)
  else if (content === 'key') await cp(join(folder, 'two/key.pem'), server.keyFile)
  else await writeFile(server.keyFile, content)
  const warnings = () => server.logged().filter(({ level }) => level === 40)
  await expect.poll(() => warnings()).toHaveLength(1)
  expect(warnings()[0]).toMatchObject({ reason: expect.stringContaining(reason) })
  expect(await nameServed(server.url)).toBe('one')
  await replace('two', server)
  await expect.poll(() => nameServed(server.url)).toBe('two')
  expect(warnings()).toHaveLength(1)
})

test('answers say that this name is to be called by HTTPS only', async () => {
  await using server = await startTls()
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const agent = new Agent()
  request(server.url, { agent, rejectUnauthorized: false }, (response) => {
    response.resume()
    resolve(response.headers['strict-transport-security'])
  }).end()
  expect(await promise).toBe('max-age=31536000')
  agent.destroy()
})
