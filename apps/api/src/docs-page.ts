/**
 * GET /docs: a page to read the OpenAPI document on and to try what it tells of. It is Swagger UI, served from here: the page
 * loads nothing from elsewhere, and its policy does not let it.
 */
import { readFile } from 'node:fs/promises'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { html } from 'hono/html'
import swaggerUi from 'swagger-ui-dist/package.json' with { type: 'json' }
import { z } from 'zod'
import { onlyMethods } from './guards.ts'
import { operation } from './operation.ts'
import type { Env } from './services.ts'

/** What the page is made of, and nothing else of the package. */
const mediaTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

/** Another release has other addresses, so its files are kept for ever. */
const files = `/docs/swagger-ui-${swaggerUi.version}`
const start = '/docs/start.js'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The APIs of csr-foundry</title>
<link rel="stylesheet" href="${files}/swagger-ui.css">
<link rel="icon" type="image/png" href="${files}/favicon-32x32.png">
<div id="page"></div>
<script src="${files}/swagger-ui-bundle.js"></script>
<script src="${start}"></script>
</html>`

const program = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
})
`

const forAnybody = { open: true, query: 'any' } as const

export function docsPage(): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/docs', operation('getDocs', ofPage), (c) =>
    c.html(page, 200, { 'Content-Security-Policy': contentSecurityPolicy }),
  )
  app.get(start, operation('getDocsStart', ofStart), (c) =>
    c.body(program, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  )
  app.get(`${files}/:file`, operation('getDocsFile', ofFile), async (c) => {
    const file = c.req.param('file')
    const mediaType = mediaTypes[file]
    if (mediaType === undefined) throw new ServiceError('resource_unknown')
    const headers = {
      'Content-Type': mediaType,
      'Cache-Control': 'public, max-age=31536000, immutable',
    }
    return c.body(await readFile(new URL(file, folder())), 200, headers)
  })
  app.all('/docs', onlyMethods('GET', 'HEAD'))
  return app
}

const folder = () => new URL('.', import.meta.resolve('swagger-ui-dist/package.json'))

const ofMediaType = (mediaType: string) => ({ mediaType, schema: z.unknown(), examples: {} })

const ofPage = {
  ...forAnybody,
  summary: 'Show this document as a page',
  answers: { 200: { description: 'The page.', body: ofMediaType('text/html') } },
  errors: ['request_malformed'],
} as const

const ofStart = {
  ...forAnybody,
  summary: 'What starts the page',
  answers: { 200: { description: 'A script.', body: ofMediaType('text/javascript') } },
  errors: ['request_malformed'],
} as const

const ofFile = {
  ...forAnybody,
  summary: 'What the page is made of',
  answers: {
    200: {
      description: 'A file.',
      body: ['text/css', 'text/javascript', 'image/png'].map(ofMediaType),
    },
  },
  errors: ['resource_unknown'],
} as const
