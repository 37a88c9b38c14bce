/**
 * GET /docs: a page to read the OpenAPI document on and to try what it tells of. It is Swagger UI, served from here: the page
 * loads nothing from elsewhere, and its policy does not let it.
 */
import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { html } from 'hono/html'
import swaggerUi from 'swagger-ui-dist/package.json' with { type: 'json' }
import { z } from 'zod'
import { onlyMethods } from './guards.ts'
import { operation } from './operation.ts'
import type { Env } from './services.ts'

/** What the page is made of, and nothing else of the package. */
const files = {
  'swagger-ui.css': { name: 'getDocsStyle', mediaType: 'text/css' },
  'swagger-ui-bundle.js': { name: 'getDocsScript', mediaType: 'text/javascript' },
  'favicon-32x32.png': { name: 'getDocsIcon', mediaType: 'image/png' },
} as const

/** Another release has other addresses, so its files are kept for ever. */
const folder = `/docs/swagger-ui-${swaggerUi.version}`
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
<link rel="stylesheet" href="${folder}/swagger-ui.css">
<link rel="icon" type="image/png" href="${folder}/favicon-32x32.png">
<div id="page"></div>
<script src="${folder}/swagger-ui-bundle.js"></script>
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
  app.get(start, operation('getDocsStart', ofFile('text/javascript')), (c) =>
    c.body(program, 200, { 'Content-Type': 'text/javascript' }),
  )
  for (const [file, { name, mediaType }] of Object.entries(files)) {
    app.get(`${folder}/${file}`, operation(name, ofFile(mediaType)), async (c) =>
      c.body(await readFile(new URL(file, source())), 200, {
        'Content-Type': mediaType,
        'Cache-Control': 'public, max-age=31536000, immutable',
      }),
    )
  }
  app.all('/docs', onlyMethods('GET', 'HEAD'))
  return app
}

const source = () => new URL('.', import.meta.resolve('swagger-ui-dist/package.json'))

const ofMediaType = (mediaType: string) => ({ mediaType, schema: z.unknown(), examples: {} })

const ofFile = (mediaType: string) =>
  ({
    ...forAnybody,
    summary: 'What the page is made of',
    answers: { 200: { description: 'A file.', body: ofMediaType(mediaType) } },
  }) as const

const ofPage = {
  ...forAnybody,
  summary: 'Show this document as a page',
  answers: { 200: { description: 'The page.', body: ofMediaType('text/html') } },
} as const
