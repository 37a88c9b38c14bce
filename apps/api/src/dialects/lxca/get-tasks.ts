/**
 * GET /tasks: the tenant's newest requests as jobs, newest first, as a bare JSON array. GET /tasks/1,2: those named.
 *
 * A job has the names and states of Lenovo's, and is one request: its `jobUID` is the path id. It has no children, so
 * `compact`, which leaves them out, changes nothing.
 */
import { type RequestSummary, readRequest, walkRequests } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { momentOf } from '../../moment-of.ts'
import { type OperationFacts, operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { pathId } from './path-id.ts'
import { jobStates, progressOf } from './progress.ts'

const mostTasks = 100

const compact = z.strictObject({
  compact: z.enum(['true', 'false'], 'must be true or false').optional(),
})

const list = z.object({
  list: z
    .string()
    .meta({ description: 'Ids with commas between them.', examples: ['1'] })
    .transform((text) => text.split(','))
    .pipe(z.array(pathId).max(mostTasks, `has too many ids; at most ${mostTasks} are allowed`)),
})

const taskView = z
  .object({
    ...{ jobUID: z.string(), jobTitle: z.string(), jobState: z.enum(jobStates) },
    ...{ percentage: z.int().min(0).max(100), complete: z.boolean() },
    startTimeStamp: z.iso.datetime(),
    endTimeStamp: z.union([z.iso.datetime(), z.literal('')]),
    children: z.array(z.never()),
  })
  .meta({ id: 'LxcaTask' })

const example: z.output<typeof taskView> = {
  ...{ jobUID: '1', jobTitle: 'Certificate signing request 1', jobState: 'Complete' },
  ...{ percentage: 100, complete: true, startTimeStamp: '2030-01-31T12:00:00.391Z' },
  ...{ endTimeStamp: '2030-01-31T12:00:00.452Z', children: [] },
}

const facts = {
  summary: 'List the newest requests as jobs',
  description: 'Newest first. A job has no children, so `compact` changes nothing.',
  role: 'read',
  answers: {
    200: { description: 'The jobs.', body: jsonOf(z.array(taskView), { 'One job': [example] }) },
  },
} satisfies OperationFacts

const ofList = {
  ...facts,
  ...{ summary: 'Show requests as jobs', params: list, query: compact },
  errors: ['path_not_found'],
} satisfies OperationFacts

export const getTasks = ({ redis }: Services) =>
  new Hono<Env>()
    .get('/', operation('getTasks', { ...facts, query: compact }), async (c) => {
      const { requests } = await walkRequests(redis, c.get('place'), { limit: mostTasks })
      return c.json(requests.map(taskOf))
    })
    .get('/:list', operation('getTasksByList', ofList), async (c) => {
      const ids = [...new Set(c.req.valid('param').list)]
      const place = c.get('place')
      const records = await Promise.all(ids.map((id) => readRequest(redis, place, id)))
      const unknown = ids.filter((_, index) => records[index] === undefined)
      if (unknown.length > 0) {
        throw new ServiceError('path_not_found', {
          detail: `There is no task ${unknown.join(', ')}.`,
        })
      }
      return c.json(records.flatMap((record) => (record ? [taskOf(record)] : [])))
    })

function taskOf(request: RequestSummary): z.output<typeof taskView> {
  const { state, percentage } = progressOf(request)
  const { created, started, finished } = request.times
  return {
    jobUID: request.id,
    jobTitle: `Certificate signing request ${request.id}`,
    jobState: state,
    percentage,
    complete: percentage === 100,
    startTimeStamp: momentOf(started ?? created),
    endTimeStamp: finished === undefined ? '' : momentOf(finished),
    children: [],
  }
}
