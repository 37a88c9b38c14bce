/** GET /openapi.json: the OpenAPI document of all dialects. It is made when it is first asked for, and stays. */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import type { RouterRoute } from 'hono/types'
import { z } from 'zod'
import { onlyMethods } from '../guards.ts'
import { operation } from '../operation.ts'
import type { Env } from '../services.ts'
import { openApiDocument } from './document.ts'

const path = '/openapi.json'

/** `routes`: those of the whole application, once it has them. */
export function openApiJson(routes: () => readonly RouterRoute[]): Hono<Env> {
  const app = new Hono<Env>()
  let made: { readonly text: string; readonly etag: string } | undefined
  app.get(
    path,
    operation('getOpenapi', {
      summary: 'Give this document',
      open: true,
      query: 'any',
      answers: {
        200: {
          description: 'An OpenAPI 3.1 document.',
          headers: ['ETag'],
          body: {
            mediaType: 'application/json',
            schema: z.looseObject({ openapi: z.string() }),
            examples: {},
          },
        },
        304: { description: 'It is as `If-None-Match` says.', headers: ['ETag'] },
      },
    }),
    (c) => {
      made ??= withETag(JSON.stringify(openApiDocument(routes())))
      const { text, etag } = made
      const headers = { ETag: etag, 'Cache-Control': 'public, no-cache' }
      // What compresses it makes the tag a weak one.
      if (c.req.header('If-None-Match')?.includes(etag)) return c.body(null, 304, headers)
      return c.body(text, 200, { ...headers, 'Content-Type': 'application/json' })
    },
  )
  app.all(path, onlyMethods('GET', 'HEAD'))
  return app
}

const withETag = (text: string) => ({
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
})
