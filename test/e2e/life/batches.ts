import { generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Client } from '@csr-foundry/client'
import { fromPem, readCsr } from '@csr-foundry/csr'
import type { ResultLine } from '@csr-foundry/native-api'
import { howMany, inWords } from '@csr-foundry/testing/how-many'
import { hasJwcrypto, jwcryptoTitle, openInJwcrypto } from '@csr-foundry/testing/jwcrypto'
import { beforeAll, expect, test } from 'vitest'
import { opensslText } from '../look.ts'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { password } from '../start-service.ts'
import { all, ndjson, row } from './rows.ts'
import { service } from './service.ts'

let tenant: Tenant
let client: Client
beforeAll(async () => {
  tenant = await makeTenant(service, 'batches')
  client = new Client({ url: service.url, username: tenant.login, password })
})

const dnsNameOf = ({ csr = '' }: ResultLine) => readCsr(fromPem(csr)).subjectAltNames[0]

const count = howMany(600, 2_000)

test(`${inWords(count)} rows, compressed: each has the CSR of its own names and a key of its own, in the order of the input`, async () => {
  const body = gzipSync(ndjson(count))
  const options = { format: 'ndjson', gzip: true, custody: 'exportable' } as const
  const { batch } = await client.batches.submit(body, options)
  const done = await client.batches.waitFor(batch.id, { within: 60 })
  expect(done.counts).toMatchObject({ rows: count, accepted: count, ready: count, queued: 0 })

  const results = await all(client.batches.results(batch.id))
  expect(results.map(({ ref }) => ref)).toEqual(
    Array.from({ length: count }, (_, i) => `rack-${i}`),
  )
  const names = results.map((line) => dnsNameOf(line))
  expect(names).toEqual(results.map((_, i) => row(i).subjectAltNames[0]))
  const keys = new Set(results.map(({ csr = '' }) => readCsr(fromPem(csr)).spki.toString('hex')))
  expect(keys.size).toBe(count)
  for (const i of [0, 255, 256, count - 1]) opensslText(results[i]?.csr ?? '')
})

test.skipIf(!hasJwcrypto)(
  `the keys of a batch are exported as a stream, and ${jwcryptoTitle} opens them`,
  async () => {
    const body = ndjson(150) + JSON.stringify({ ...row(150), custody: 'internal' })
    const options = { format: 'ndjson', custody: 'exportable' } as const
    const { batch } = await client.batches.submit(body, options)
    await client.batches.waitFor(batch.id, { within: 60 })
    const { publicKey, privateKey } = generateKeyPairSync('x25519')
    const recipient = publicKey.export({ format: 'jwk' })
    const exported = await all(client.batches.exportKeys(batch.id, { ...recipient }))
    expect(exported.map(({ ref }) => ref)).toEqual(
      Array.from({ length: 151 }, (_, i) => `rack-${i}`),
    )
    expect(exported.at(-1)).toMatchObject({ problem: { code: 'key_not_exportable' } })
    const key = privateKey.export({ format: 'jwk' })
    const cases = exported.slice(0, 150).map(({ jwe = '' }) => ({ jwe, key }))
    const opened = openInJwcrypto(cases)
    expect(opened.filter(({ error }) => error !== undefined)).toEqual([])
    expect(new Set(opened.map(({ payload }) => payload)).size).toBe(150)
  },
)
