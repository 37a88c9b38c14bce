/**
 * bull-board's page, as a strict Content-Security-Policy lets it be: without the fonts that it would load from elsewhere, and
 * without styles that are written into the page.
 */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMiddleware } from 'hono/factory'

/** Where the package with page, scripts and styles lies. */
export const boardFolder = dirname(
  fileURLToPath(import.meta.resolve('@bull-board/ui/package.json')),
)

/** Of the colours that its script writes into the icon of Redis. */
const iconStyle = 'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='

export const boardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' '${iconStyle}'`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  // The page says under which path it lies.
  "base-uri 'self'",
  ...["form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

const fromElsewhere = /<link\b[^>]*\bhref="https?:[^>]*>/g
const writtenStyles = /<style\b.*?<\/style>|\sstyle="[^"]*"/g

export const strictPage = createMiddleware(async (c, next) => {
  await next()
  if (!(c.res.headers.get('content-type') ?? '').startsWith('text/html')) return
  const page = (await c.res.text()).replaceAll(fromElsewhere, '').replaceAll(writtenStyles, '')
  c.res = c.html(page, 200, { 'Content-Security-Policy': boardPolicy })
})
