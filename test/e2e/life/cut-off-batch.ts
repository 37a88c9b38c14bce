/** A batch whose API dies while it comes in; that nobody holds it any more shows half a minute later, so it has two halves. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@csr-foundry/client'
import type { BatchView } from '@csr-foundry/native-api'
import { expect, test } from 'vitest'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { startProbedApi } from '../start-probed-api.ts'
import { password } from '../start-service.ts'
import { all, ndjson } from './rows.ts'
import { service } from './service.ts'

const count = 3_000
const text = ndjson(count)
const idempotencyKey = 'killed-in-the-middle'
let tenant: Tenant
let client: Client

const send = (url: string, body: string | ReadableStream) =>
  fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: {
      authorization: tenant.authorization,
      'content-type': 'application/x-ndjson',
      'idempotency-key': idempotencyKey,
    },
    body,
    duplex: 'half',
  } as RequestInit)

export function cutOff(): void {
  test('an API killed while a batch comes in leaves what was taken', async () => {
    tenant = await makeTenant(service, 'cut-off')
    client = new Client({ url: service.url, username: tenant.login, password })
    await using api = await startProbedApi(service)
    const half = new ReadableStream({
      start: (stream) => stream.enqueue(Buffer.from(text.slice(0, text.length / 2))),
    })
    const broken = send(api.url, half).catch(() => 'broken')
    const rows = async () => (await client.batches.findByKey(idempotencyKey))?.counts.rows ?? 0
    while ((await rows()) < 1_000) await sleep(50)
    api.process.kill('SIGKILL')
    expect(await broken).toBe('broken')
    expect(await rows()).toBeLessThan(count)
  })
}

export function goOn(): void {
  test('sent again, it goes on where it was, and no row is there twice', async () => {
    // Its lease has to be over, or the sweep to have seen that nobody holds it.
    let response = await send(service.url, text)
    while (response.status === 409) {
      await sleep(1_000)
      response = await send(service.url, text)
    }
    expect(response.status).toBe(202)
    const { id } = (await response.json()) as BatchView
    const done = await client.batches.waitFor(id, { within: 60 })
    expect(done.counts).toMatchObject({ rows: count, accepted: count, ready: count })
    const refs = (await all(client.batches.results(id))).map(({ ref }) => ref)
    expect(refs).toEqual(Array.from({ length: count }, (_, i) => `rack-${i}`))
  })
}
