import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromPem, readCsr } from '@csr-foundry/csr'
// @boundaries-ignore a thousand starts of csrctl would prove no more than its opener and a few of them
import { openExport, readExport } from '../../apps/cli/src/key/open-export.ts'
// @boundaries-ignore as above
import { readIdentity } from '../../apps/cli/src/key/open-identity.ts'
import type { BulkService } from '../load/bulk-service.ts'
import { say, tellPromise } from '../load/promised.ts'
import { runCsrctl } from '../load/run-csrctl.ts'
import { tellGo } from './bulk-csrs.ts'
import { drawn } from './check-with-openssl.ts'
import { type Fleet, writeFleet } from './fleet.ts'
import { readIndexFile } from './index-file.ts'
import { tellLeaks } from './tell-leaks.ts'

/** A start of csrctl takes half a second. */
const openedByCsrctl = 10
const readableByOwner = 0o600
const shownFaults = 5
// Mostly P-256, as fleets have it; Go 1.19 knows no ML-DSA.
const keys = [...Array(6).fill('ecdsa-p256'), 'ed25519', 'ecdsa-p384', 'rsa-2048']

/** Hands in rows whose keys go to a recipient, opens each of them, and holds it against its CSR. */
export async function bulkKeys(
  bulk: BulkService,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  const { service } = bulk
  const fleet: Fleet = { count, seed, keys, custody: 'exportable' }
  const [file, folder] = ['exportable.ndjson', 'keys'].map((name) => join(bulk.folder, name)) as [
    string,
    string,
  ]
  const { identity, recipient } = await makeRecipient(bulk)
  await writeFleet(file, fleet)
  await runCsrctl(service, ['submit', file, '--out', folder, '--keys-to', recipient, '--json'])
  say(`Opening ${count} keys.`)
  await tellGo(folder, await readIndexFile(folder), fleet)
  const exported = (await readdir(folder)).filter((name) => name.endsWith('.key.jwe'))
  const opened = await openAll(folder, exported, identity)
  tellPromise(
    'exported keys that open and are those of their CSRs',
    String(opened.length),
    String(count),
    opened.length === count,
  )
  await tellCsrctl(bulk, { folder, identity, names: drawn(opened, openedByCsrctl, seed) })
  await tellLeaks(
    bulk,
    opened.map(({ pem }) => pem),
  )
}

async function makeRecipient({ service, folder }: BulkService) {
  const [identity, recipient] = ['ops.key', 'ops.jwk'].map((name) => join(folder, name)) as [
    string,
    string,
  ]
  const { privateKey } = generateKeyPairSync('x25519')
  await writeFile(identity, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: readableByOwner,
  })
  await writeFile(recipient, await runCsrctl(service, ['key', 'recipient', identity]))
  return { identity, recipient }
}

type Opened = { readonly name: string; readonly pem: string }

/** By the function that `csrctl key open` calls. */
async function openAll(folder: string, names: readonly string[], identity: string) {
  const key = await readIdentity(identity, { passwordFile: undefined, stdinIsTaken: false })
  const opened: Opened[] = []
  let faults = 0
  for (const name of names) {
    const file = join(folder, name)
    try {
      const { pem } = await openExport(await readExport(file), file, key, identity)
      await holdAgainstCsr(file, pem)
      opened.push({ name, pem })
    } catch (error) {
      faults += 1
      if (faults <= shownFaults) say(`  ${name}: ${(error as Error).message}`)
    }
  }
  return opened
}

async function holdAgainstCsr(file: string, pem: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o777) !== readableByOwner) throw new Error(`its mode is ${mode.toString(8)}`)
  const csr = await readFile(file.replace(/\.key\.jwe$/, '.csr.pem'), 'utf8')
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  if (!spki.equals(readCsr(fromPem(csr)).spki)) throw new Error('it is not the key of its CSR')
}

type Some = {
  readonly folder: string
  readonly identity: string
  readonly names: readonly Opened[]
}

async function tellCsrctl({ service }: BulkService, { folder, identity, names }: Some) {
  let same = 0
  for (const { name, pem } of names) {
    const args = ['key', 'open', join(folder, name), '--identity', identity]
    if ((await runCsrctl(service, args)) === pem) same += 1
  }
  tellPromise(
    'of these, opened by csrctl itself with the same result',
    String(same),
    String(names.length),
    same === names.length && same > 0,
  )
}
