import { Counters, Histograms } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { Services } from '../services.ts'

/** A GET takes a millisecond; a call that is held takes up to a minute. */
const bounds = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** The calls that a process has answered: rate, errors and durations. */
export class CallFigures {
  readonly requests = new Counters({
    name: 'csr_foundry_http_requests_total',
    help: 'Calls that were answered.',
    labels: ['dialect', 'method', 'route', 'status'],
  })
  readonly durations = new Histograms({
    name: 'csr_foundry_http_request_duration_seconds',
    help: 'Time until a call was answered; calls that wait for a CSR wait in it.',
    labels: ['dialect', 'method', 'route'],
    bounds,
  })

  /** @param route as {@link routeKey} gives it */
  count(route: string, status: number, ms: number): void {
    this.requests.add(`${route} ${status}`)
    this.durations.observe(route, ms / 1_000)
  }
}

/** Dialect, method and route; the route is its pattern, so that there are as many as the application has. */
export const routeKey = (dialect: string, method: string, route: string) =>
  `${dialect} ${methods.has(method) ? method : 'other'} ${route}`

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const figures = new WeakMap<Redis, CallFigures>()

/** Those of this process. */
export function callFigures({ redis }: Pick<Services, 'redis'>): CallFigures {
  const known = figures.get(redis) ?? new CallFigures()
  figures.set(redis, known)
  return known
}
