/** Prints the OpenAPI document and the routes of the application as JSON; see document.ts. */
// @boundaries-ignore it is held to the application's own routes, which no package exports
import { createApp } from '../../apps/api/src/app.ts'
// @boundaries-ignore as above
import { openApiDocument } from '../../apps/api/src/openapi/document.ts'

const { routes: all } = createApp({} as never)
const routes = all
  .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
  .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)

process.stdout.write(
  JSON.stringify({ routes: [...new Set(routes)], document: openApiDocument(all) }),
)
