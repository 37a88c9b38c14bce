/** POST /v1/ops/lanes/{lane}/resume: the workers take lots of the lane again. */
import { laneName, laneState } from '@csr-foundry/native-api'
import { resumeLane as resume } from '@csr-foundry/queue'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { laneState as example } from './examples.ts'

export const resumeLane = (services: Services) =>
  new Hono<Env>().post(
    '/:lane/resume',
    operation('resumeLane', {
      summary: 'Resume a lane',
      description: 'What waits in it is worked on in the order that it has without a pause.',
      role: 'operate',
      params: z.object({ lane: laneName }),
      answers: {
        200: {
          description: 'It is not paused.',
          body: jsonOf(laneState, { 'It is not': { ...example, paused: false } }),
        },
      },
    }),
    async (c) => {
      const { lane } = c.req.valid('param')
      await resume(services, c.get('place'), lane)
      return c.json({ lane, paused: false })
    },
  )
