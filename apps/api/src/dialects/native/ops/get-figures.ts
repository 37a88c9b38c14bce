/** GET /v1/ops/figures: what the installation has done in the last hour or day, step by step, as charts need it. */
import { figuresQuery, figuresView } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import { overviewFeed } from '../../../overview/overview-feed.ts'
import type { Env, Services } from '../../../services.ts'
import { figures as example } from './figures-examples.ts'

export const getFigures = (services: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getFigures', {
      summary: 'Fetch the figures of the last hour or day',
      description:
        'The hour by minutes, the day by steps of five. They are of all tenants and all processes, and survive restarts.',
      role: 'operate',
      query: figuresQuery,
      answers: {
        200: {
          description: 'The figures.',
          body: jsonOf(figuresView, { 'One step of an hour': example }),
        },
      },
    }),
    async (c) => c.json(await overviewFeed(services).figures(c.req.valid('query').range)),
  )
