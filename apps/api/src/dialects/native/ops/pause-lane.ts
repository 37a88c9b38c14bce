/** POST /v1/ops/lanes/{lane}/pause: no lot of the lane is begun any more. */
import { laneName, laneState } from '@csr-foundry/native-api'
import { pauseLane as pause } from '@csr-foundry/queue'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { laneState as example } from './examples.ts'

export const pauseLane = (services: Services) =>
  new Hono<Env>().post(
    '/:lane/pause',
    operation('pauseLane', {
      summary: 'Pause a lane',
      description:
        'What is under way ends, nothing of the lane is begun. Requests are still taken in, and wait. It stays so, whatever is restarted, until the lane is resumed.',
      role: 'operate',
      params: z.object({ lane: laneName }),
      answers: {
        200: { description: 'It is paused.', body: jsonOf(laneState, { 'It is': example }) },
      },
    }),
    async (c) => {
      const { lane } = c.req.valid('param')
      await pause(services, c.get('place'), lane)
      return c.json({ lane, paused: true })
    },
  )
