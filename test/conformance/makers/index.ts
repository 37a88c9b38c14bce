import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csrReaders } from '../readers/index.ts'
import { makeWithCerttool } from './certtool.ts'
import { makeWithGo } from './go.ts'
import { makeWithKeytool } from './keytool.ts'
import { type MadeCsr, type Maker, type MakerKey, type MakerName, makerKeys } from './maker.ts'
import { makeWithOpenssl } from './openssl.ts'
import { makeWithPython } from './python.ts'

const makers: Record<MakerName, Maker> = {
  openssl: makeWithOpenssl,
  certtool: makeWithCerttool,
  keytool: makeWithKeytool,
  go: makeWithGo,
  python: makeWithPython,
}

/**
 * CSRs that other programs make with ordinary settings, new ones each time. A program that is not
 * on this machine makes none.
 */
export async function* makeOrdinaryCsrs(): AsyncGenerator<MadeCsr> {
  const keys = await mkdtemp(join(tmpdir(), 'csr-makers-'))
  try {
    for (const key of makerKeys) await writeFile(join(keys, `${key}.pem`), newKey(key))
    const made = csrReaders.map(async ({ name, version }) =>
      (await version()) === undefined ? [] : makeWith(name, keys),
    )
    for (const csrs of await Promise.all(made)) yield* csrs
  } finally {
    await rm(keys, { recursive: true, force: true })
  }
}

async function makeWith(maker: MakerName, keys: string): Promise<MadeCsr[]> {
  const all: MadeCsr[] = []
  for await (const made of makers[maker](keys)) all.push({ maker, ...made })
  return all
}

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

const generators: Record<MakerKey, () => { privateKey: KeyObject }> = {
  'rsa-2048': () => rsa(2048),
  'rsa-3072': () => rsa(3072),
  'rsa-4096': () => rsa(4096),
  'ecdsa-p256': () => ec('P-256'),
  'ecdsa-p384': () => ec('P-384'),
  'ecdsa-p521': () => ec('P-521'),
  ed25519: () => generateKeyPairSync('ed25519'),
}

function newKey(key: MakerKey): string | Buffer {
  return generators[key]().privateKey.export({ type: 'pkcs8', format: 'pem' })
}
