import { countWorkers, installationKeys } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { onlyMethods } from './guards.ts'
import { jsonOf } from './json-input.ts'
import { type OperationFacts, operation } from './operation.ts'
import type { Env, Services } from './services.ts'

const forAnybody = { open: true, query: 'any' } as const

const ofHealth = {
  ...forAnybody,
  summary: 'Say that the process answers',
  answers: {
    200: {
      description: 'It does.',
      body: jsonOf(z.object({ status: z.literal('ok') }), { 'It does': { status: 'ok' } }),
    },
  },
} satisfies OperationFacts

const readinessView = z
  .object({
    ready: z.boolean(),
    checks: z.object({ redis: z.boolean(), vault: z.boolean(), accepting: z.boolean() }),
    workers: z.int().describe('Worker processes that take lots.'),
  })
  .meta({ id: 'Readiness' })

const example = {
  ready: true,
  checks: { redis: true, vault: true, accepting: true },
  workers: 1,
} satisfies z.output<typeof readinessView>

const ofReadiness = {
  ...forAnybody,
  summary: 'Say whether it can take work',
  answers: {
    200: { description: 'It can.', body: jsonOf(readinessView, { 'All is well': example }) },
    503: {
      description: 'It cannot.',
      headers: ['Retry-After'],
      body: jsonOf(readinessView, {
        'It is leaving': {
          ...example,
          ready: false,
          checks: { ...example.checks, accepting: false },
        },
      }),
    },
  },
} satisfies OperationFacts

/**
 * `/healthz`: the process answers. `/readyz`: it can take work, because Redis answers, a master key is set up, and it is not
 * leaving. How many worker processes take lots is told as well, but does not decide: what is taken now is done once there is
 * one, and what is done can be fetched without.
 */
export function health(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/healthz', operation('getHealth', ofHealth), (c) => c.json({ status: 'ok' }))
  app.get('/readyz', operation('getReadiness', ofReadiness), async (c) => {
    const { checks, workers } = await readiness(services)
    const ready = Object.values(checks).every(Boolean)
    if (!ready) c.header('Retry-After', '2')
    return c.json({ ready, checks, workers }, ready ? 200 : 503)
  })
  for (const path of ['/healthz', '/readyz']) app.all(path, onlyMethods('GET', 'HEAD'))
  return app
}

async function readiness({ redis, draining }: Services) {
  try {
    const [masters, workers] = await Promise.all([
      redis.exists(installationKeys.masters),
      countWorkers(redis),
    ])
    return { checks: { redis: true, vault: masters === 1, accepting: !draining() }, workers }
  } catch {
    return { checks: { redis: false, vault: false, accepting: !draining() }, workers: 0 }
  }
}
