import { Agent, request } from 'node:http'
import { createRequests } from '@csr-foundry/records'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { lookInto, place } from './look.ts'
import { authorization, startService } from './start-service.ts'

leakGuard()

const held = 2_000

/** A GET over a connection of its own; gives the status, the seconds to wait, and the body's state. */
function get(url: string, agent: Agent): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { authorization } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    call.on('error', reject).end()
  })
}

test(`${held} held calls and a SIGTERM: each gets an answer`, async () => {
  await using server = await startRedis()
  await using service = await startService({ environment: { REDIS_URL: server.url } })
  await using redis = await lookInto(server.url)
  // Recorded without a job, so it stays queued for the 10 s until the sweep finds it.
  const spec = {
    subject: [[{ type: 'CN' as const, value: 'x' }]],
    subjectAltNames: [],
    key: { algorithm: 'rsa-2048' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  }
  const { firstId } = await createRequests(redis, place, {
    requests: [{ spec }],
    lane: 'slow',
    priority: 0,
  })
  const agent = new Agent({ maxSockets: held, keepAlive: false })
  const calls = Array.from({ length: held }, () =>
    get(`${service.url}/certificateSigningRequest/${firstId}`, agent),
  )
  await expect
    .poll(() => countConnections(service.url), { timeout: 15_000 })
    .toBeGreaterThanOrEqual(held)
  service.process.kill('SIGTERM')
  const answers = await Promise.all(calls)
  const statuses = new Map<number | undefined, number>()
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  expect(Object.fromEntries(statuses)).toEqual({ 202: held })
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
    response: { path: firstId, state: 'Pending' },
  })
  expect(await service.stop()).toBe(0)
  agent.destroy()
})

/** Established connections to the port of a URL, as the kernel sees them. */
async function countConnections(url: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0')
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n')
  return lines.filter((line) => line.includes(`:${port} `) && / 01 /.test(line)).length / 2
}
