/** GET /aicc: Lenovo's Python client tests its connection with it, and takes any JSON. */
import { Hono } from 'hono'
import { z } from 'zod'
import { query } from '../../json-input.ts'
import type { Env } from '../../services.ts'
import { success } from './messages.ts'

export const getAicc = () =>
  new Hono<Env>().get('/', query(z.strictObject({})), (c) =>
    c.json(success({ name: 'csr-foundry' })),
  )
