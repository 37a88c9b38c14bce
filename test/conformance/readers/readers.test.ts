import { lintCsr } from '@csr-foundry/csr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeOrdinaryCsrs } from '../makers/index.ts'
import type { MadeCsr } from '../makers/maker.ts'
import { disagreements, type Opinion } from './compare.ts'
import { csrReaders } from './index.ts'
import { abilitiesFor, type CsrReader, type RunningReader } from './reader.ts'
import type { Reading } from './reading.ts'

const versions = await Promise.all(
  csrReaders.map(async (reader) => [reader, await reader.version()]),
)
const missing = csrReaders.filter((_, index) => versions[index]?.[1] === undefined)
const present = csrReaders.filter((reader) => !missing.includes(reader))
if (missing.length > 0) {
  const named = missing.map(({ name, debianPackages }) => `${name} (${debianPackages.join(', ')})`)
  process.stdout.write(`Readers that are not on this machine: ${named.join('; ')}\n`)
}

const made: MadeCsr[] = []
const running = new Map<CsrReader, RunningReader>()
const readings = new Map<CsrReader, Reading[]>()

beforeAll(async () => {
  const starting = present.map(async (reader) => running.set(reader, await reader.start()))
  for await (const csr of makeOrdinaryCsrs()) made.push(csr)
  await Promise.all(starting)
  const ders = made.map(({ der }) => der)
  const reading = Array.from(running, async ([reader, { readAll }]) => {
    readings.set(reader, await readAll(ders))
  })
  await Promise.all(reading)
})

afterAll(async () => {
  await Promise.all(Array.from(running.values(), (reader) => reader[Symbol.asyncDispose]()))
})

describe.each(present)('$name', (reader) => {
  it('reads all of what it and the others make, and says that the signatures verify', () => {
    const faults = made.flatMap(({ maker, what }, index) => {
      const { accepted, signatureValid, error, cannot } = readings.get(reader)?.[index] ?? {}
      if (accepted && signatureValid === true && !error && !cannot) return []
      return { maker, what, accepted, signatureValid, error, cannot }
    })
    expect(faults).toEqual([])
  })

  it('agrees with the readers after it on every field that both can read', () => {
    const others = present.slice(present.indexOf(reader) + 1)
    const differences = made.flatMap(({ maker, what }, index) =>
      others.flatMap((other) =>
        disagreements(opinionOf(reader, index), opinionOf(other, index)).map(
          (difference) => `${maker}, ${what}: ${difference}`,
        ),
      ),
    )
    expect(differences).toEqual([])
  })

  it('tells a signature that does not verify, a request that is none, and goes on after them', async () => {
    const { der } = signedLast()
    const forged = Buffer.from(der)
    forged.writeUInt8((forged.at(-1) ?? 0) ^ 1, forged.length - 1)
    const [bad, none, good] = await read(reader, [forged, Buffer.from('no request'), der])
    expect(bad?.signatureValid).toBe(false)
    expect(none).toMatchObject({ accepted: false, error: expect.stringMatching(/./) })
    expect(good).toMatchObject({ accepted: true, signatureValid: true })
  })
})

// Made so that the readers have something to read: a string type of old, and a key usage and a path
// length that the standards forbid.
const notOrdinary = ['openssl, BMPString', 'go, other extensions']

it('lint finds no error in what they make with ordinary settings', () => {
  const faults = made
    .filter(({ maker, what }) => !notOrdinary.includes(`${maker}, ${what}`))
    .flatMap(({ maker, what, der }) => {
      const errors = lintCsr(der).findings.filter(({ severity }) => severity === 'error')
      return errors.map(({ code, message }) => `${maker}, ${what}: ${code} ${message}`)
    })
  expect(faults).toEqual([])
})

function opinionOf(reader: CsrReader, index: number): Opinion {
  const reading = readings.get(reader)?.[index] ?? { accepted: false, error: 'no reading' }
  return { by: reader.name, can: abilitiesFor(reader, reading), reading }
}

/** An RSA signature stays one of RSA with any bit turned over. */
function signedLast(): MadeCsr {
  const found = made.find(({ what }) => what.startsWith('RSA 2048'))
  if (found === undefined) throw new Error('No program on this machine makes CSRs.')
  return found
}

async function read(reader: CsrReader, ders: Buffer[]): Promise<Reading[]> {
  const started = running.get(reader)
  if (started === undefined) throw new Error(`${reader.name} has not been started.`)
  return started.readAll(ders)
}
