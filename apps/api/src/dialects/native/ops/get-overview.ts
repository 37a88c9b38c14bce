/** GET /v1/ops/overview: how the whole installation is at this moment. */
import { overviewView } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import { overviewFeed } from '../../../overview/overview-feed.ts'
import type { Env, Services } from '../../../services.ts'
import { overview as example } from './figures-examples.ts'

export const getOverview = (services: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getOverview', {
      summary: 'Show how the installation is',
      description:
        'Rates, waiting and working times of the last minutes, lanes, Redis, worker processes, and what is amiss. It counts all tenants, and shows nothing of their requests.',
      role: 'operate',
      answers: {
        200: {
          description: 'The overview, at most a second old.',
          body: jsonOf(overviewView, { 'All is well but one worker': example }),
        },
      },
    }),
    async (c) => c.json(await overviewFeed(services).current()),
  )
