import type { Redis } from 'ioredis'
import { makeTenant } from '../e2e/make-tenant.ts'
import { type Caller, jsonInit, type Service } from '../e2e/start-service.ts'
import { thingsFor } from '../endpoints/callers.ts'

/** Ids of what a page is about. */
export type Fleet = { readonly batch: string; readonly request: string; readonly failed: string }

const ndjson = { 'content-type': 'application/x-ndjson' }

/** Hands in a batch; gives its id. `mixed`: one in forty has an RSA key, which takes some seconds in all. */
export async function handIn(caller: Caller, count: number, algorithm = 'ecdsa-p256') {
  const mixed = (i: number) => (i % 40 === 0 ? 'rsa-2048' : 'ecdsa-p256')
  const rows = Array.from({ length: count }, (_, i) =>
    rowOf(i, algorithm === 'mixed' ? mixed(i) : algorithm),
  )
  const body = rows.map((row) => JSON.stringify(row)).join('\n')
  const answer = await caller.call('/v1/batches', { method: 'POST', headers: ndjson, body })
  return ((await answer.json()) as { id: string }).id
}

const rowOf = (i: number, algorithm: string) => ({
  ref: `rack-${i >> 4}/slot-${i % 16}`,
  subject: { commonName: `edge-${i}.example.com`, organization: 'ACME', country: 'US' },
  subjectAltNames: [{ type: 'dns', value: `edge-${i}.example.com` }],
  key: { algorithm },
})

/** Something of everything that pages show; the other tenant is `acme`. */
export async function makeFleet(service: Service, redis: Redis): Promise<Fleet> {
  for (const about of ['failedRequest', 'keptKey', 'user', 'token'] as const) {
    await thingsFor({ about }, service, redis)
  }
  await makeTenant(service, 'acme')
  const { failedRequest } = await thingsFor({ about: 'failedRequest' }, service, redis)
  const rows = [rowOf(1, 'ecdsa-p256'), { subject: { commonName: 'x', country: 'USA' } }]
  await service.call('/v1/batches', jsonInit('POST', rows))
  const batch = await handIn(service, 300)
  const spec = {
    ref: 'rack-9/slot-1',
    subject: { commonName: 'core-1.example.com', organization: 'ACME', country: 'US' },
    subjectAltNames: [
      { type: 'dns', value: 'core-1.example.com' },
      { type: 'ip', value: '192.0.2.10' },
    ],
    extensions: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth'] },
  }
  const waiting = { ...jsonInit('POST', spec) }
  const headers = { ...waiting.headers, prefer: 'wait=20' }
  const made = await service.call('/v1/requests', { ...waiting, headers })
  return { batch, request: ((await made.json()) as { id: string }).id, failed: failedRequest }
}

const minutes = 58

/** An hour of figures, as the scripts write them, so that charts have something to draw. */
export async function makeHour(redis: Redis): Promise<void> {
  const now = Math.floor(Date.now() / 60_000)
  const pipe = redis.pipeline()
  for (let ago = minutes; ago > 0; ago -= 1) {
    const wave = Math.sin(ago / 7) + Math.sin(ago / 2.7) / 2 + 1.7
    const key = (what: string) => `{s10}:stats:${what}:${now - ago}`
    pipe.hset(key('fast'), laneOf(Math.round(wave * 9_000), 6, 1, ago % 19 === 0 ? 7 : 0))
    pipe.hset(key('slow'), laneOf(Math.round(wave * 310), 10, 8, ago % 23 === 0 ? 2 : 0))
    const memory = 181_000_000 + (minutes - ago) * 1_900_000
    pipe.hset(key('server'), { memory, workers: 2, busy: wave > 1.2 ? 2 : 1 })
    for (const what of ['fast', 'slow', 'server']) pipe.expire(key(what), 4_000)
  }
  await pipe.exec()
}

/** `wait` and `work`: the buckets in which most are; the rest is in the two above them. */
const laneOf = (ready: number, wait: number, work: number, failed: number) => ({
  ...{ lots: Math.ceil(ready / 128), 'failed:csr_not_made': failed },
  [`${wait}/${work}`]: Math.round(ready * 0.8),
  [`${wait + 1}/${work + 1}`]: Math.round(ready * 0.16),
  [`${wait + 2}/${work + 2}`]: Math.round(ready * 0.04),
  waiting: Math.round(ready / 900),
  oldest: Math.round(ready / 8),
})
