/**
 * What bull-board may do and show.
 *
 * Rules: it reads by the calls that are named here, pauses and resumes; whatever else it can do, now or in a later release, is
 * refused. Of what it reads only the parts are handed on that are named here: ids, times, counts and codes. A failure reason is
 * shown where it is a code of ours; there are no logs and no stack traces.
 */
import type { BoardHooks } from '@bull-board/api/dist/types.js'
import { errorKinds } from '@csr-foundry/service'

type Body = Readonly<Record<string, unknown>>
type Cleaner = (body: never) => unknown

const job = (found: Body) => ({
  ...pick(found, jobFields),
  ...{ name: 'lot', progress: 0, data: {}, returnValue: null, opts: {}, stacktrace: [] },
  failedReason: codeOf(found.failedReason),
  isFailed: found.isFailed === true,
})

const jobFields = [
  ...['id', 'timestamp', 'processedOn', 'finishedOn', 'attempts', 'delay', 'priority'],
  ...['attemptsStarted', 'stalledCounter'],
]

const codeOf = (reason: unknown) => {
  if (typeof reason !== 'string' || reason === '') return undefined
  return Object.hasOwn(errorKinds, reason) ? reason : 'internal'
}

const queue = (found: Body) => ({
  ...pick(found, queueFields),
  jobs: listOf(found.jobs).map(job),
})

const queueFields = [
  ...['name', 'displayName', 'description', 'statuses', 'counts', 'pagination', 'readOnlyMode'],
  ...['allowRetries', 'allowCompletedRetries', 'isPaused', 'type', 'delimiter'],
  ...['globalConcurrency', 'activeRateLimitTtl', 'supportsGlobalRateLimit', 'jobSchedulerCount'],
  'hasWorkers',
]

const redisFields = ['backend', 'version', 'mode', 'port', 'os', 'uptime', 'memory', 'clients']

/** What may be read, and what of it is handed on. */
const reads: Readonly<Record<string, Cleaner>> = {
  '/api/redis/stats': (body: Body) => pick(body, redisFields),
  '/api/queues': (body: Body) => ({ queues: listOf(body.queues).map(queue) }),
  '/api/queues/:queueName/metrics': (body: Body) => body,
  '/api/queues/:queueName/default-job-options': () => ({}),
  '/api/queues/:queueName/rate-limit': () => ({ supported: false, rateLimit: null }),
  '/api/queues/:queueName/job-data-schema': () => ({}),
  '/api/queues/:queueName/:jobId': ({ job: found, status }: Body) => ({
    job: job(found as Body),
    status,
  }),
  '/api/queues/:queueName/:jobId/logs': () => [],
  '/api/queues/:queueName/:jobId/flow': ({ nodeId }: Body) => ({
    ...{ nodeId, isFlowNode: false, flowRoot: null },
  }),
  '/api/job-schedulers': () => ({ schedulers: [] }),
}

const acts: ReadonlySet<string> = new Set([
  ...['/api/queues/pause', '/api/queues/resume'],
  ...['/api/queues/:queueName/pause', '/api/queues/:queueName/resume'],
])

export const boardHooks: BoardHooks = {
  before: ({ method, route }) => {
    const allow = method === 'get' ? Object.hasOwn(reads, route) : isAct(method, route)
    return allow ? { allow } : { allow: false, status: 403, message: 'It is not done here.' }
  },
  after: ({ method, route }, result) => {
    const clean = reads[route]
    const { status = 200, body } = result
    if (method !== 'get' || !clean || status !== 200) return result
    return { ...result, body: clean(body as never) as typeof body }
  },
}

const isAct = (method: string, route: string) => method === 'put' && acts.has(route)

const pick = (from: Body, names: readonly string[]): Body =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]))

const listOf = (value: unknown) => (Array.isArray(value) ? (value as Body[]) : [])
