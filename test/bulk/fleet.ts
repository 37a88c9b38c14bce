import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Random, seededRandom } from '../fuzz/random.ts'
import { chunksOf } from '../load/hand-in.ts'

/** A row of a file that is handed in, and what its CSR has to say. */
export type Device = {
  readonly ref: string
  readonly commonName: string
  readonly organization?: string
  readonly dns: readonly string[]
  readonly ips: readonly string[]
  readonly key: string
  readonly custody?: 'exportable'
}

/** `keys`: drawn from for each row. `custody`: every other row says it, the others say none. */
export type Fleet = {
  readonly count: number
  readonly seed: number
  readonly keys: readonly string[]
  readonly custody?: 'exportable'
}

const organizations = ['ACME', 'Łódź Sieci, S.A.', '東京ネットワーク', undefined]

/** The devices of a fleet, the same for the same seed. */
export function* devicesOf({ count, seed, keys, custody }: Fleet): Generator<Device> {
  const random = seededRandom(seed)
  for (let row = 0; row < count; row++) {
    const device = { ...deviceOf(row, random), key: random.pick(keys) }
    yield custody !== undefined && row % 2 === 0 ? { ...device, custody } : device
  }
}

function deviceOf(row: number, random: Random): Omit<Device, 'key'> {
  const commonName = `edge-${row}.hall-${random.below(100)}.example.com`
  const organization = random.pick(organizations)
  return {
    // It becomes a file name, in which the slashes are not taken over.
    ref: `hall-${random.below(100)}/rack-${random.below(1_000)}/slot-${row}`,
    commonName,
    ...(organization !== undefined && { organization }),
    dns: random.chance(2) ? [commonName] : [commonName, `*.${commonName}`],
    ips: random.chance(2) ? [] : [addressOf(random)],
  }
}

function addressOf(random: Random): string {
  if (random.chance(2)) return `10.${[0, 0, 0].map(() => random.below(256)).join('.')}`
  return `2001:db8::${(1 + random.below(0xffff)).toString(16)}`
}

/** Writes the rows into a file, NDJSON. */
export async function writeFleet(file: string, fleet: Fleet): Promise<void> {
  await writeLines(file, rowsOf(fleet))
}

/** Writes lines into a file, as a stream. */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunksOf(lines)), createWriteStream(file))
}

function* rowsOf(fleet: Fleet): Generator<string> {
  for (const { ref, commonName, organization, dns, ips, key, custody } of devicesOf(fleet)) {
    const spec = {
      ref,
      subject: { commonName, organization },
      subjectAltNames: [
        ...dns.map((value) => ({ type: 'dns', value })),
        ...ips.map((value) => ({ type: 'ip', value })),
      ],
      key: { algorithm: key },
      custody,
    }
    yield `${JSON.stringify(spec)}\n`
  }
}
