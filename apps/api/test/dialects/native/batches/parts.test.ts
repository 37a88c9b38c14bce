import { setTimeout as delay } from 'node:timers/promises'
import type { BatchRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { describe, expect, test } from 'vitest'
import { chunksOf } from '../../../../src/dialects/native/batches/batch-body.ts'
import { BatchPace } from '../../../../src/dialects/native/batches/batch-pace.ts'
import { RowDigest } from '../../../../src/intake/row-digest.ts'

async function allOf<Chunk>(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const all: Chunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

describe('a body', () => {
  const silent = () => new ReadableStream<Uint8Array>({ start: (s) => s.enqueue(Buffer.from('a')) })

  test('that stops is given up after a while, however long it took before', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: async (stream) => {
        await delay(30)
        stream.enqueue(Buffer.from('a'))
      },
    })
    let chunks = 0
    for await (const _ of chunksOf(body, new AbortController().signal, 100)) {
      chunks += 1
      if (chunks === 8) break
    }
    expect(chunks).toBe(8)
    const all = allOf(chunksOf(silent(), new AbortController().signal, 50))
    await expect(all).rejects.toMatchObject({ code: 'request_timeout' })
  })

  test('ends with the reason for which it is stopped, and is not cancelled', async () => {
    const stop = new AbortController()
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled = true
      },
    })
    const all = allOf(chunksOf(body, stop.signal))
    stop.abort(new ServiceError('unavailable'))
    await expect(all).rejects.toMatchObject({ code: 'unavailable' })
    expect(cancelled).toBe(false)
  })
})

describe('the digest of rows', () => {
  const said = {
    format: 'csv',
    mode: 'partial',
    defaultKey: undefined,
    custody: undefined,
  } as const
  const of = (bytes: string, value: unknown, more: object = {}) => {
    const digest = new RowDigest({ ...said, ...more })
    digest.add({ line: 2, bytes: Buffer.from(bytes), value })
    return digest.now()
  }

  test('tells rows apart by their bytes, by what a CSV calls them, and by what the call says', () => {
    const all = [
      of('a,b', { ref: 'a', common_name: 'b' }),
      of('a,b', { common_name: 'a', ref: 'b' }),
      of('a,c', { ref: 'a', common_name: 'c' }),
      of('a,b', { ref: 'a', common_name: 'b' }, { mode: 'atomic' }),
      of('a,b', { ref: 'a', common_name: 'b' }, { format: 'json' }),
      of('a,b', { ref: 'a', common_name: 'b' }, { defaultKey: 'ed25519' }),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(of('a,b', { ref: 'a', common_name: 'b' })).toBe(all[0])
  })

  test('does not tell challenge passwords apart, but whether there is one', () => {
    const asked = (attributes: object) => {
      const value = { subject: 'CN=a', attributes }
      return of(JSON.stringify(value), value, { format: 'ndjson' })
    }
    const secret = asked({ challengePassword: '1234' })
    expect(asked({ challengePassword: '1235' })).toBe(secret)
    expect(asked({})).not.toBe(secret)
    expect(asked({ challengePassword: '1234', unstructuredName: 'a' })).not.toBe(secret)
  })

  test('tells where one row ends and the next begins', () => {
    const over = (...rows: string[]) => {
      const digest = new RowDigest({ ...said, format: 'ndjson' })
      for (const row of rows) digest.add({ line: 1, bytes: Buffer.from(row), value: {} })
      return digest.now()
    }
    expect(over('ab', 'c')).not.toBe(over('a', 'bc'))
    expect(over('1 0 a', '')).not.toBe(over('', '1 0 a'))
  })
})

describe('the pace of a batch', () => {
  const place = { tenant: 'default' }
  const at = (ready: number, queued: number, created = 0): BatchRecord => ({
    ...{ id: '1', state: 'taken', mode: 'partial', blocks: 1, times: { created } },
    counts: { rows: 100, accepted: 100, rejected: 0, queued, ready, failed: 0, cancelled: 0 },
  })

  test('is what it did lately, and at first what it did since it began', () => {
    const pace = new BatchPace()
    expect(pace.of(place, at(100, 900), 10_000)).toEqual({ rate: 10, secondsLeft: 90 })
    expect(pace.of(place, at(300, 700), 12_000)).toEqual({ rate: 100, secondsLeft: 7 })
    // What was 30 s ago is forgotten.
    expect(pace.of(place, at(320, 680), 32_000)).toEqual({ rate: 10, secondsLeft: 68 })
    expect(pace.of(place, at(420, 580), 60_000)).toEqual({ rate: 3.6, secondsLeft: 163 })
  })

  test('is nothing where it does not move or is done, and begins anew after a retry', () => {
    const pace = new BatchPace()
    expect(pace.of(place, at(0, 100), 5_000)).toEqual({})
    expect(pace.of(place, at(100, 0), 6_000)).toEqual({})
    expect(pace.of(place, at(90, 10), 7_000)).toMatchObject({ rate: 45 })
    expect(pace.of(place, at(40, 60), 9_000)).toMatchObject({ rate: 4.4 })
    expect(pace.of(place, at(50, 50), 11_000)).toMatchObject({ rate: 5 })
  })
})
