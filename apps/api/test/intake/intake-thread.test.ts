import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, describe, expect, test } from 'vitest'
import { chunksOf } from '../../src/dialects/native/batches/batch-body.ts'
import type { BatchJob } from '../../src/intake/batch-job.ts'
import { IntakeThread } from '../../src/intake/intake-thread.ts'
import type { BatchForm } from '../../src/intake/thread-messages.ts'
import { lines, row, rows } from '../dialects/native/batches/batch-calls.ts'
import { WatchedThread } from './watched-thread.ts'

leakGuard()
const thread = new WatchedThread()
afterAll(() => thread.stop())

const form: BatchForm = {
  ...{ format: 'ndjson', gzip: false },
  said: { format: 'ndjson', mode: 'partial', defaultKey: undefined, custody: undefined },
  defaults: { key: { algorithm: 'ecdsa-p256' }, custody: 'internal' },
}

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

const source = (chunks: Chunks, more: Partial<BatchForm> = {}) => ({
  form: { ...form, ...more },
  stop: new AbortController(),
  chunks: (stop: AbortSignal) => chunksOf(streamOf(chunks), stop),
})

function streamOf(chunks: Chunks): ReadableStream<Uint8Array> {
  const all = (async function* () {
    for await (const chunk of chunks) yield Buffer.from(chunk)
  })()
  return ReadableStream.from(all)
}

const never = new Promise<string>(() => {})

async function* andThen(first: string | Uint8Array, second = never) {
  yield first
  yield await second
}

/** Rows that take a thread some 2 ms each. */
const heavyRows = (count: number) => {
  const names = Array.from({ length: 250 }, (_, i) => ({ type: 'dns', value: `n${i}.example.com` }))
  return `${lines(rows(count).map((one) => ({ ...one, subjectAltNames: names })))}\n`
}

/** How many rows each block has, of a batch that is read to its end. */
async function readAll(job: BatchJob, earlier = 0): Promise<number[]> {
  const sizes: number[] = []
  for (let block = await job.block(earlier); block; block = await job.block(earlier)) {
    sizes.push(block.size)
  }
  return sizes
}

test('blocks come in order, each once it is asked for, with the digest so far', async () => {
  const text = lines(rows(600))
  const whole = await thread.read(source([text]), async (job) => {
    const [first, second, third] = [await job.block(0), await job.block(0), await job.block(0)]
    expect(await job.block(0)).toBeUndefined()
    return [first, second, third]
  })
  expect(whole.flatMap((block) => block?.rows.map(({ ref }) => ref))).toEqual(
    rows(600).map(({ ref }) => ref),
  )
  const digests = whole.map((block) => block?.digest)
  expect(new Set(digests).size).toBe(3)
  // Rows that an earlier call has taken in are read and not made again; digests are the same, however the body is cut.
  const pieces = (text.match(/.{1,700}/gs) ?? []).map((piece) => Buffer.from(piece))
  const again = await thread.read(source(pieces), async (job) => [
    await job.block(2),
    await job.block(2),
    await job.block(2),
  ])
  expect(again.map((block) => block?.digest)).toEqual(digests)
  expect(again.map((block) => block?.rows.length)).toEqual([0, 0, 88])
})

test('rows that take long hold nothing else of the process up', async () => {
  const body = heavyRows(500)
  const before = performance.eventLoopUtilization()
  expect(await thread.read(source([body]), (job) => readAll(job))).toEqual([256, 244])
  const { active, idle } = performance.eventLoopUtilization(before)
  expect(active + idle).toBeGreaterThan(100)
  expect(active).toBeLessThan((active + idle) / 3)
})

test('a small batch does not wait for a large one', async () => {
  let isLargeOver = false
  const large = thread.read(source([heavyRows(1_000)]), async (job) => {
    await readAll(job)
    isLargeOver = true
  })
  for (let i = 0; i < 3; i += 1) {
    expect(await thread.read(source([lines(rows(10))]), (job) => readAll(job))).toEqual([10])
    expect(isLargeOver).toBe(false)
  }
  await large
})

test('a body is read no further than some chunks ahead of the blocks that are asked for', async () => {
  const chunk = `${lines(rows(256))}\n`
  let sent = 0
  function* endless() {
    for (;;) {
      sent += 1
      yield chunk
    }
  }
  await thread.read(source(endless()), async (job) => {
    await job.block(0)
    const most = Math.ceil((128 * 1024) / chunk.length) + 2
    await expect.poll(() => sent).toBeGreaterThan(2)
    await delay(100)
    expect(sent).toBeLessThanOrEqual(most)
    for (let i = 0; i < 20; i += 1) await job.block(0)
    await expect.poll(() => sent).toBeGreaterThan(20)
    await delay(100)
    expect(sent).toBeLessThanOrEqual(most + 20)
  })
})

test('what the body throws is told after the blocks that were whole before it', async () => {
  async function* breaks() {
    yield lines(rows(300))
    await delay(10)
    throw new Error('the connection broke')
  }
  await thread.read(source(breaks()), async (job) => {
    expect(await job.block(0)).toMatchObject({ size: 256 })
    await expect(job.block(0)).rejects.toMatchObject({ code: 'body_malformed' })
    await expect(job.block(0)).rejects.toMatchObject({ code: 'body_malformed' })
  })
})

test('a call that is stopped hears why at once, whatever the thread does', async () => {
  const one = source(andThen(lines(rows(10))))
  await thread.read(one, async (job) => {
    setTimeout(() => one.stop.abort(new Error('stopped')), 20)
    await expect(job.block(0)).rejects.toThrow('stopped')
  })
})

describe('a call that leaves has no job in the thread any more', () => {
  const many = () => [`${lines(rows(5_000))}\n`]
  const half = gzipSync(lines(rows(3_000))).subarray(0, 5_000)

  test.each<[string, () => Chunks, Partial<BatchForm>, number]>([
    ['before it has asked for a block', many, {}, 0],
    ['while a block is read', () => [heavyRows(256)], {}, 0],
    ['while its client is silent', () => andThen(`${lines(rows(300))}\n`), {}, 1],
    ['with more to read', many, {}, 2],
    ['of gzip that is not all there', () => andThen(half), { gzip: true }, 0],
  ])('%s', async (_, chunks, more, blocks) => {
    const left = thread.read(source(chunks(), more), async (job) => {
      for (let i = 0; i < blocks; i += 1) await job.block(0)
      job.block(0).catch(() => {})
      await delay(5)
      expect(await thread.jobs()).toBe(1)
      throw new Error('left')
    })
    await expect(left).rejects.toThrow('left')
    await expect.poll(() => thread.jobs()).toBe(0)
  })

  test.each([10, 256])('of gzip with %i rows that is being inflated', async (count) => {
    const body = gzipSync(lines(rows(count)))
    for (let i = 0; i < 20; i += 1) {
      await thread.read(source([body], { gzip: true }), async (job) => {
        job.block(0).catch(() => {})
        await delay(i / 10)
      })
    }
    await expect.poll(() => thread.jobs()).toBe(0)
  })
})

test('many tiny chunks wait as if each were a larger one', async () => {
  let sent = 0
  function* tiny() {
    for (;;) {
      sent += 1
      yield ' '
    }
  }
  // Nobody asks for a block.
  await thread.read(source(tiny()), () => delay(100))
  expect(sent).toBeLessThan(300)
})

const ownThreads = () =>
  readdirSync('/proc/self/task').map((task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    // The fields after the name: the state is the third of proc(5), niceness the nineteenth.
    return { name, niceness: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]) }
  })

test.skipIf(process.platform !== 'linux')('its niceness is not that of the process', async () => {
  const own = new IntakeThread({ niceness: 7 })
  await own.ready
  const found = ownThreads().filter(({ niceness }) => niceness === 7)
  await own.stop()
  expect(found.map(({ name }) => name)).toEqual(['intake'])
})

test('what is wrong with a body, and a bug that one meets, end its job alone; of the bug nothing is told but its name', async () => {
  await thread.read(source([lines([row('a')])]), async (job) => {
    const wrong = thread.read(source(['{"a": 1}'], { format: 'json' }), (other) => other.block(0))
    await expect(wrong).rejects.toMatchObject({
      ...{ name: 'BatchInputError', code: 'json_broken', line: 1 },
      faults: [{ pointer: '', detail: expect.stringContaining('is not an array') }],
    })
    const unknown = { format: 'a secret' as 'json' }
    const bug = thread.read(source(['[]'], unknown), (other) => other.block(0))
    await expect(bug).rejects.toThrow(/^The intake thread met a TypeError\.$/)
    expect(await readAll(job)).toEqual([1])
  })
})

describe('a thread that is lost', () => {
  const refused = { code: 'unavailable', retryAfter: 5 }

  test('refuses the batches that are open and those that come', async () => {
    const lost = new IntakeThread()
    await lost.ready
    expect(() => lost.requireAlive()).not.toThrow()
    const open = lost.read(source(andThen(`${lines(rows(300))}\n`)), async (job) => {
      expect(await job.block(0)).toMatchObject({ size: 256 })
      const next = job.block(0)
      await lost.stop()
      await next
    })
    await expect(open).rejects.toMatchObject(refused)
    await expect(lost.read(source([]), readAll)).rejects.toMatchObject(refused)
    expect(await lost.lost).toMatchObject({ message: 'The intake thread has ended.' })
    expect(() => lost.requireAlive()).toThrow('has ended')
  })

  test('is one that says nothing while it has jobs', async () => {
    const silent = new IntakeThread({
      program: new URL('./silent-thread.ts', import.meta.url),
      every: 30,
    })
    await silent.ready
    await delay(200)
    expect(() => silent.requireAlive()).not.toThrow()
    await expect(silent.read(source([]), readAll)).rejects.toMatchObject(refused)
    expect(await silent.lost).toMatchObject({ message: expect.stringContaining('silent for') })
    await silent.stop()
  })
})
