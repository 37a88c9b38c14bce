/**
 * How many P-256 CSRs a second a batch gives, from its first byte in to its last CSR ready, sealed and stored with the
 * append-only file on; against what cfssl's `newkey` answers, which stores and seals nothing.
 *
 *     npm run bench:bulk [-- rows [rounds]]
 *
 * Both with their client on this machine, in turns. The service runs as its users start it; cfssl (Debian's golang-cfssl) on
 * loopback with connections that are kept, the best of 2, 4, 8 and 16. Prints medians; ends with 1 below what is promised.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { BatchView } from '@csr-foundry/native-api'
import { type Service, startService } from '../e2e/start-service.ts'
import { deviceLines } from './device-lines.ts'

const promised = 1.2
const [rows = 20_000, rounds = 3] = process.argv.slice(2).map(Number)
const connections = [2, 4, 8, 16]
const cfsslSeconds = 5
const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js')

const pieceSize = 65_536

/** As a file is read: a client that sent each row by itself would be measured, not the service. */
function* pieces(): Generator<Buffer> {
  let piece = ''
  for (const line of deviceLines(rows)) {
    piece += line
    if (piece.length < pieceSize) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

async function batchRate(service: Service): Promise<number> {
  const started = performance.now()
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(pieces())),
    duplex: 'half',
  }
  const response = await service.call('/v1/batches', init as RequestInit)
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
  let batch = (await response.json()) as BatchView
  while (batch.state !== 'done') {
    await sleep(50)
    batch = (await (await service.call(batch.links.self)).json()) as BatchView
  }
  if (batch.counts.ready !== rows) throw new Error(JSON.stringify(batch.counts))
  return rows / ((performance.now() - started) / 1_000)
}

async function startCfssl(): Promise<{ process: ChildProcess; url: string }> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as { port: number }
  server.close()
  const child = spawn('cfssl', ['serve', '-address', '127.0.0.1', '-port', String(port)], {
    stdio: 'ignore',
  })
  child.once('error', () => {
    process.stderr.write('cfssl is not here: install golang-cfssl.\n')
    process.exit(1)
  })
  await sleep(1_000)
  return { process: child, url: `http://127.0.0.1:${port}/api/v1/cfssl/newkey` }
}

const cfsslBody = JSON.stringify({
  CN: 'edge-1.fleet.example.com',
  hosts: ['edge-1.fleet.example.com'],
  key: { algo: 'ecdsa', size: 256 },
  names: [{ O: 'ACME' }],
})

async function cfsslRate(url: string): Promise<number> {
  let best = 0
  for (const count of connections) {
    const options = ['-j', '-c', String(count), '-d', String(cfsslSeconds), '-m', 'POST']
    const body = ['-H', 'content-type=application/json', '-b', cfsslBody, url]
    const { stdout } = await promisify(execFile)(process.execPath, [
      autocannon,
      ...options,
      ...body,
    ])
    const { '2xx': answered, non2xx, errors, duration } = JSON.parse(stdout)
    if (non2xx + errors > 0) throw new Error(`cfssl: ${non2xx} other than 2xx, ${errors} errors`)
    best = Math.max(best, answered / duration)
  }
  return best
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-bulk-'))
const log = await open(join(folder, 'log'), 'w')
const environment = { WORKER_PROCESSES: '', WORKER_NICENESS: '' }
await using service = await startService({ environment, log: log.fd })
const cfssl = await startCfssl()
const ours: number[] = []
const theirs: number[] = []
try {
  for (let round = 1; round <= rounds; round++) {
    ours.push(await batchRate(service))
    theirs.push(await cfsslRate(cfssl.url))
    process.stdout.write(
      `round ${round}: batch of ${rows} ${ours.at(-1)?.toFixed(0)}/s, cfssl ${theirs.at(-1)?.toFixed(0)}/s\n`,
    )
  }
} finally {
  cfssl.process.kill()
  await log.close()
  await rm(folder, { recursive: true })
}
const ratio = median(ours) / median(theirs)
process.stdout.write(
  `medians: ${median(ours).toFixed(0)}/s and ${median(theirs).toFixed(0)}/s, ratio ${ratio.toFixed(2)}, promised >= ${promised}\n`,
)
if (ratio < promised) process.exitCode = 1
