import { countWorkers, installationKeys, readWriteRefusal } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { onlyMethods } from './guards.ts'
import { jsonOf } from './json-input.ts'
import { type OperationFacts, operation } from './operation.ts'
import type { Env, Services } from './services.ts'
import { writeRefusals } from './write-refusals.ts'

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
    checks: z.object({
      redis: z.boolean().describe('Redis answers.'),
      writes: z.boolean().describe('Redis takes what writes. Where it does not, reading works.'),
      vault: z.boolean().describe('There is a master key.'),
      accepting: z.boolean().describe('The process is not leaving.'),
    }),
    workers: z.int().describe('Worker processes that take lots.'),
    reason: z.string().optional().describe('What is missing first, and what to do.'),
  })
  .meta({ id: 'Readiness' })

const example = {
  ready: true,
  checks: { redis: true, writes: true, vault: true, accepting: true },
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
        'Redis refuses to write': {
          ...example,
          ready: false,
          checks: { ...example.checks, writes: false },
          reason: writeRefusals.disk,
        },
      }),
    },
  },
} satisfies OperationFacts

/**
 * `/healthz`: the process answers. `/readyz`: it can take work, because Redis answers and takes writes, a master key is set
 * up, and it is not leaving. How many worker processes take lots is told as well, but does not decide: what is taken now is done once there is
 * one, and what is done can be fetched without.
 */
export function health(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/healthz', operation('getHealth', ofHealth), (c) => c.json({ status: 'ok' }))
  app.get('/readyz', operation('getReadiness', ofReadiness), async (c) => {
    const { checks, workers, reason } = await readiness(services)
    const ready = reason === undefined
    if (!ready) c.header('Retry-After', '2')
    return c.json({ ready, checks, workers, reason }, ready ? 200 : 503)
  })
  for (const path of ['/healthz', '/readyz']) app.all(path, onlyMethods('GET', 'HEAD'))
  return app
}

const reasons = {
  redis:
    'Redis does not answer. Calls are answered 503 until it does: see that it runs, and that it can be reached.',
  vault: 'No worker has opened a master key on this Redis yet. Start one, or read what it said.',
  accepting: 'This process is leaving. Send calls to another one.',
}

async function readiness({ redis, draining }: Services) {
  const accepting = !draining()
  try {
    const [masters, workers, refusal] = await Promise.all([
      redis.exists(installationKeys.masters),
      countWorkers(redis),
      readWriteRefusal(redis),
    ])
    const checks = { redis: true, writes: refusal === undefined, vault: masters === 1, accepting }
    const reason = refusal ? writeRefusals[refusal] : firstReason(checks)
    return { checks, workers, reason }
  } catch {
    const checks = { redis: false, writes: false, vault: false, accepting }
    return { checks, workers: 0, reason: reasons.redis }
  }
}

function firstReason({ vault, accepting }: { vault: boolean; accepting: boolean }) {
  if (!vault) return reasons.vault
  return accepting ? undefined : reasons.accepting
}
