/** The CSV of devices, as far as the demo holds the CSRs against it. It is the demo's own: no field of it needs quotes. */
import { readFile } from 'node:fs/promises'
import { DemoError } from './demo-error.ts'

export type Device = {
  readonly ref: string
  readonly commonName: string
  readonly altNames: readonly string[]
  /** As csr-facts.ts has it. */
  readonly key: string
}

const keys: Readonly<Record<string, string>> = {
  'ecdsa-p256': 'EC P-256',
  'ecdsa-p384': 'EC P-384',
  ed25519: 'ed25519',
  'rsa-2048': 'RSA 2048',
}

export async function readDevices(file: string): Promise<Device[]> {
  return (await readRows(file)).map((row) => ({
    ref: row.ref ?? '',
    commonName: row.common_name ?? '',
    altNames: (row.sans ?? '').split(' ').map((name) => name.replace(/^uri:/, '')),
    key: keys[row.key_algorithm ?? ''] ?? 'unknown',
  }))
}

/** The files of refs, by the index that csrctl wrote. */
export async function readIndex(file: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await readRows(file)).map(({ ref = '', file = '' }) => [ref, file]))
}

async function readRows(file: string): Promise<Partial<Record<string, string>>[]> {
  const text = await readFile(file, 'utf8')
  if (text.includes('"')) throw new DemoError(`${file} has fields in quotes.`)
  const [head = [], ...rows] = text
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(head.map((column, i) => [column, row[i] ?? ''])))
}
