import type { Principal } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Env, Services } from './services.ts'

/** One line for each call: who, what, how it ended, how long it took. */
export const logCalls = ({ log }: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const started = performance.now()
    await next()
    const { method, path } = c.req
    logCall(log, started, {
      requestId: c.get('requestId'),
      method,
      path,
      csrPath: csrPathOf(c),
      batch: c.get('batch'),
      status: c.res.status,
      address: c.get('address'),
      principal: c.get('principal'),
    })
  })

/** The path id that a call has made, or that LXCA's calls name in their query; a query can hold anything, so no other text. */
export function csrPathOf(c: Context<Env>): string | undefined {
  const made = c.get('csrPath')
  if (made !== undefined || !c.req.url.includes('path=')) return made
  const named = c.req.query('path')
  return named !== undefined && /^\d{1,16}$/.test(named) ? named : undefined
}

type Call = Pick<Env['Variables'], 'requestId'> & {
  readonly method: string
  readonly path: string
  readonly csrPath: string | undefined
  readonly batch?: string | undefined
  readonly status: number
  readonly address: string | undefined
  readonly principal: Principal | undefined
}

/** Writes the line of a call that began at `started` (of `performance.now()`). */
export function logCall(log: Logger, started: number, call: Call): void {
  const { requestId, method, path, csrPath, batch, status, address: remote, principal } = call
  const ms = Math.round((performance.now() - started) * 10) / 10
  const { tenant, name: user } = principal ?? {}
  log.info({ requestId, method, path, csrPath, batch, status, ms, remote, tenant, user }, 'call')
}
