import { ownFailuresView, retriedView } from '@csr-foundry/native-api'
import { type ActingPlace, readAudit, readRequest, tenantRoles } from '@csr-foundry/records'
import { beforeAll, expect, test } from 'vitest'
import { makeAcme } from '../../console/make-acme.ts'
import { defaultPlace } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'
import { ask, edge, post, send } from './native-calls.ts'
import { take } from './play-worker.ts'

const api = withApi()
type Body = Record<string, unknown>
let acme: ActingPlace
let authorization: string

beforeAll(async () => {
  acme = { ...defaultPlace, ...(await makeAcme(api)) }
  authorization = await api.bearer(tenantRoles, acme)
})

async function failedOf(place: ActingPlace, headers: Record<string, string> = {}): Promise<string> {
  const { id } = (await post(api, edge, headers)).body
  await (await take(api.redis, id, place)).fail()
  return id
}

const retry = (body: unknown) =>
  send<Body>(api, 'POST', '/v1/failures/retry', body, { authorization })
const stateOf = async (place: ActingPlace, id: string) =>
  (await readRequest(api.redis, place, id))?.state

test('a tenant is told by code what has failed of its own, and retries it, from where the answer before ended', async () => {
  const theirs = await failedOf(defaultPlace)
  const [older, newer] = [
    await failedOf(acme, { authorization }),
    await failedOf(acme, { authorization }),
  ]
  const told = await ask<Body>(api, '/v1/failures', { headers: { authorization } })
  expect([told.status, ownFailuresView.parse(told.body)]).toEqual([
    200,
    {
      ...{ failed: 2, looked: 2 },
      groups: [{ code: 'csr_not_made', count: 2, newest: [newer, older] }],
    },
  ])
  expect((await retry({ code: 'worker_died' })).body).toEqual({ retried: 0 })
  const below = Buffer.from(JSON.stringify(newer)).toString('base64url')
  const goneOn = await retry({ code: 'csr_not_made', cursor: below })
  expect([goneOn.status, retriedView.parse(goneOn.body)]).toEqual([202, { retried: 1 }])
  expect(await stateOf(acme, older)).toBe('queued')
  expect(await stateOf(acme, newer)).toBe('failed')

  const waiting = async () => (await api.services.queues.load(acme.shard, 'fast')).waiting
  const before = await waiting()
  expect((await retry({ code: 'csr_not_made' })).body).toEqual({ retried: 1 })
  expect(await stateOf(acme, newer)).toBe('queued')
  expect(await waiting()).toBe(before + 1)
  const { entries } = await readAudit(api.redis, acme, { limit: 1 })
  expect(entries[0]).toMatchObject({
    ...{ action: 'request.retry', ids: [newer], outcome: 'done' },
    actor: { by: expect.stringMatching(/^token:/) },
  })
  expect(await stateOf(defaultPlace, theirs)).toBe('failed')
})

test('bad input is told of by its name', async () => {
  const refusals = [
    [{ code: 'none' }, '/code', 'must be the code'],
    [{ code: 'internal', cursor: 'e30' }, 'cursor', 'is not a cursor'],
    // Of another tenant only an operator retries anything.
    [{ code: 'internal', tenant: 'default' }, '/tenant', 'not known'],
  ] as const
  for (const [body, pointer, detail] of refusals) {
    const { status, body: answer } = await retry(body)
    const errors = answer.errors as { pointer: string; detail: string }[]
    expect([status, errors?.[0]?.pointer]).toEqual([400, expect.stringContaining(pointer)])
    expect(errors[0]?.detail).toContain(detail)
  }
})
