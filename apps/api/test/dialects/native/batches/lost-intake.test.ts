import { afterAll, expect, test } from 'vitest'
import { createApp } from '../../../../src/app.ts'
import { IntakeThread } from '../../../../src/intake/intake-thread.ts'
import { authorization, type TestApi } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { bodyOf, lines, postBatch, rows } from './batch-calls.ts'

const api = withApi()
const thread = new IntakeThread()
afterAll(() => thread.stop())

/** The same API, with an intake thread of its own. */
const withThread = (): TestApi => {
  const app = createApp({ ...api.services, intake: thread })
  const incoming = { socket: { remoteAddress: '127.0.0.1' } }
  return {
    ...api,
    call: async (path, init) =>
      app.request(path, { ...init, headers: { authorization, ...init?.headers } }, { incoming }),
  }
}

test('when the thread that reads batches is lost, one that comes in is broken with 503, and goes on in another process', async () => {
  const broken = withThread()
  const headers = { 'idempotency-key': 'lost-thread' }
  const never = Promise.withResolvers<string>()
  async function* slow() {
    yield `${lines(rows(600))}\n`
    yield await never.promise
  }
  const answer = postBatch(broken, bodyOf(slow()), { headers })
  const left = async () =>
    (await ask<{ batches: unknown[] }>(api, '/v1/batches?idempotencyKey=lost-thread')).body
      .batches[0]
  await expect.poll(left).toMatchObject({ state: 'taking', counts: { rows: 512 } })
  await thread.stop()
  const refused = await answer
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(refused.body.detail).toContain('has the rows before that: send the same call again')
  expect(await left()).toMatchObject({ state: 'broken' })
  const next = await postBatch(broken, lines(rows(1)))
  expect(next).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  never.resolve('')
  const made = await postBatch(api, lines(rows(600)), { headers })
  expect(made).toMatchObject({ status: 202, body: { counts: { accepted: 600 } } })
})
