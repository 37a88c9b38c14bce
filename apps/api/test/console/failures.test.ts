import { type ActingPlace, readRequest } from '@csr-foundry/records'
import { beforeAll, expect, test } from 'vitest'
import { post, send } from '../dialects/native/native-calls.ts'
import { take } from '../dialects/native/play-worker.ts'
import { defaultPlace } from '../start-api.ts'
import { withApi } from '../with-api.ts'
import { auditedBy } from './audited-by.ts'
import { type Browser, openBrowser } from './log-in.ts'
import { makeAcme } from './make-acme.ts'

const api = withApi()
let admin: Browser

beforeAll(async () => {
  admin = await openBrowser(api, 'admin')
})

async function failedRequest(): Promise<string> {
  const { id } = (await post(api, { subject: { commonName: 'edge' } })).body
  await (await take(api.redis, id)).fail()
  return id
}

test('all that failed with one code is tried again, in the tenant and in all', async () => {
  for (const path of ['/dashboard/failures', '/dashboard/overview/failures']) {
    const ids = [await failedRequest(), await failedRequest()]
    const { text } = await admin.get(path)
    expect(text).toContain('csr_not_made')
    for (const id of ids) expect(text).toContain(id)
    await admin.post(`${path}/retry`, { code: 'csr_not_made' })
    for (const id of ids) {
      expect((await readRequest(api.redis, defaultPlace, id))?.state, path).toBe('queued')
    }
    expect((await admin.post(`${path}/retry`, { code: 'nope' })).status).toBe(400)
  }
})

test('a tenant sees what has failed of its own by code, and retries it, and nothing of another', async () => {
  const acme: ActingPlace = { ...defaultPlace, ...(await makeAcme(api)) }
  const boss = await openBrowser(api, 'boss@acme')
  const authorization = await api.bearer(['submit'], acme)
  const spec = { subject: { commonName: 'edge' } }
  const { id } = (await send<{ id: string }>(api, 'POST', '/v1/requests', spec, { authorization }))
    .body
  await (await take(api.redis, id, acme)).fail()
  const other = await failedRequest()
  const { text } = await boss.get('/dashboard/failures')
  expect(text).toContain(`/dashboard/requests/${id}"`)
  expect(text).not.toContain(`/dashboard/requests/${other}"`)
  const entries = await auditedBy(
    api,
    () => boss.post('/dashboard/failures/retry', { code: 'csr_not_made' }),
    acme,
  )
  expect((await readRequest(api.redis, acme, id))?.state).toBe('queued')
  expect((await readRequest(api.redis, defaultPlace, other))?.state).toBe('failed')
  expect(entries).toMatchObject([{ by: 'user:boss', action: 'request.retry', ids: [id] }])
})
