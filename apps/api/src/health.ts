import { installationKeys } from '@csr-foundry/records'
import { Hono } from 'hono'
import type { Services } from './services.ts'

/** `/healthz`: the process answers. `/readyz`: it can take work: Redis answers, a worker has opened the vault, not leaving. */
export function health(services: Services): Hono {
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const checks = await readiness(services)
    const ready = Object.values(checks).every(Boolean)
    if (!ready) c.header('Retry-After', '2')
    return c.json({ ready, checks }, ready ? 200 : 503)
  })
  return app
}

async function readiness({ redis, draining }: Services): Promise<Record<string, boolean>> {
  const masters = await redis.exists(installationKeys.masters).catch(() => undefined)
  return { redis: masters !== undefined, vault: masters === 1, accepting: !draining() }
}
