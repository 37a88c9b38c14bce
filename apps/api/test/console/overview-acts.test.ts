import { installationKeys, readConcurrency, readOrders } from '@csr-foundry/records'
import { beforeAll, expect, test } from 'vitest'
import { withApi } from '../with-api.ts'
import { auditedBy } from './audited-by.ts'
import { type Browser, openBrowser } from './log-in.ts'

const api = withApi()
let admin: Browser

beforeAll(async () => {
  admin = await openBrowser(api, 'admin')
})

test('lanes are paused and resumed, and the audit says by whom', async () => {
  const entries = await auditedBy(api, async () => {
    await admin.post('/dashboard/overview/lanes/slow/pause')
    await admin.post('/dashboard/overview/lanes/slow/resume')
  })
  expect(entries.map(({ by, action, ids }) => [by, action, ...ids]).toSorted()).toEqual([
    ['user:admin', 'lane.pause', 'slow'],
    ['user:admin', 'lane.resume', 'slow'],
  ])
  expect((await admin.post('/dashboard/overview/lanes/none/pause')).status).toBe(400)
})

test('how many lots workers take at once is set for all, and given back', async () => {
  const path = '/dashboard/overview/concurrency'
  const entries = await auditedBy(api, async () => {
    const { headers } = await admin.post(path, { fast: '8', slow: '' })
    expect(headers.get('location')).toBe('/dashboard/overview?done=concurrency-changed')
    expect(await readConcurrency(api.redis)).toEqual({ fast: 8 })
    expect((await admin.get('/dashboard/overview')).text).toMatch(/name="fast"[^>]* value="8"/)
    await admin.post(path, { fast: '', slow: '2' })
  })
  expect(await readConcurrency(api.redis)).toEqual({ slow: 2 })
  expect(entries.map(({ by, action, ids }) => [by, action, ...ids])).toEqual([
    ['user:admin', 'concurrency.change', 'all', 'fast=none', 'slow=2'],
    ['user:admin', 'concurrency.change', 'all', 'fast=8', 'slow=none'],
  ])
  for (const fast of ['0', '65', '1.5', 'x']) {
    expect((await admin.post(path, { fast })).status, fast).toBe(400)
  }
  expect(await readConcurrency(api.redis)).toEqual({ slow: 2 })
})

test('one worker takes what is said to it, a lane that is left empty stays, and all of it is given back', async () => {
  const id = 'host-1:4711'
  await api.redis.zadd(installationKeys.workers, Date.now(), id)
  const path = `/dashboard/overview/workers/${encodeURIComponent(id)}/concurrency`
  await admin.post(path, { fast: '7', slow: '3' })
  await admin.post(path, { fast: '', slow: '1' })
  expect((await readOrders(api.redis, id)).concurrency).toEqual({ fast: 7, slow: 1 })
  await admin.post(path, { fast: '9', slow: '', as: 'all' })
  const forAll = await readConcurrency(api.redis)
  expect((await readOrders(api.redis, id)).concurrency).toEqual(forAll)
})
