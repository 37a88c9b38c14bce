import { countWorkers, installationKeys } from '@csr-foundry/records'
import { Hono } from 'hono'
import { onlyMethods } from './guards.ts'
import type { Env, Services } from './services.ts'

/**
 * `/healthz`: the process answers. `/readyz`: it can take work, because Redis answers, a master key is set up, and it is not
 * leaving. How many worker processes take lots is told as well, but does not decide: what is taken now is done once there is
 * one, and what is done can be fetched without.
 */
export function health(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
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
