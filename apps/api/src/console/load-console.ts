/**
 * The console, loaded by the first call of it: it is a twentieth of the API's start, and many who run the service never open it.
 *
 * Rules: who calls, and under which id, is known before; who it was that called, and what his endpoint needed, is told back, for the log.
 */
import { type Context, Hono } from 'hono'
import type { Env, Services } from '../services.ts'
import { home } from './sections.ts'

type Inner = Hono<Env & { Bindings: { outer: Context<Env> } }>

export function loadedConsole(services: Services): Hono<Env> {
  let loading: Promise<Inner> | undefined
  const load = () => {
    loading ??= loadConsole(services).catch((error: unknown) => {
      // What failed to load may load the next time.
      loading = undefined
      throw error
    })
    return loading
  }
  return new Hono<Env>().all('/*', async (outer) => {
    const app = await load()
    return await app.fetch(outer.req.raw, { ...(outer.env as object), outer })
  })
}

async function loadConsole(services: Services): Promise<Inner> {
  const { consoleRoutes } = await import('./index.ts')
  const app: Inner = new Hono()
  app.use(async (c, next) => {
    const { outer } = c.env
    c.set('requestId', outer.get('requestId'))
    c.set('address', outer.get('address'))
    if (outer.get('originAllowed')) c.set('originAllowed', true)
    await next()
    const principal = c.get('principal')
    if (principal) outer.set('principal', principal)
  })
  app.route(home, consoleRoutes(services))
  return app
}
