/** GET /aicc: Lenovo's Python client tests its connection with it, and takes any JSON. */
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env } from '../../services.ts'
import { success, successView } from './messages.ts'

const service = success({ name: 'csr-foundry' })

export const getAicc = () =>
  new Hono<Env>().get(
    '/',
    operation('getAicc', {
      summary: 'Test the connection',
      answers: {
        200: {
          description: 'It works.',
          body: jsonOf(successView(z.object({ name: z.string() })), { 'The service': service }),
        },
      },
    }),
    (c) => c.json(service),
  )
