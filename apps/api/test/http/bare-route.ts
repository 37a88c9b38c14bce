/**
 * What a GET costs at the least: a bare Hono route that does one HGETALL. A process of its own, as the API is; it tells its
 * port and ends with its owner.
 */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Redis } from 'ioredis'

const [redisUrl = '', key = ''] = process.argv.slice(2)
const redis = new Redis(redisUrl)
const app = new Hono()
app.get('/record', async (c) => c.json(await redis.hgetall(key)))
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.(port))
process.once('disconnect', () => process.exit())
