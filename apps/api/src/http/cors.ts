import { textSetting } from '@csr-foundry/service'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import type { Env } from '../services.ts'

/**
 * Lets pages of these origins, and of no others, read answers and send what an API takes. Credentials that a browser would
 * add by itself are not among it: a page has to bring its own.
 */
export function allowOrigins(origins: readonly string[]) {
  const handle = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Fastly-Key',
      'Idempotency-Key',
      'Prefer',
      'X-Request-Id',
    ],
    exposeHeaders: [
      ...['Allow', 'Content-Disposition', 'Content-Location', 'Link', 'Location'],
      ...['Preference-Applied', 'Retry-After', 'Server-Timing', 'X-Request-Id'],
      ...['Fastly-RateLimit-Remaining', 'Fastly-RateLimit-Reset', 'RateLimit', 'RateLimit-Policy'],
    ],
    maxAge: 600,
  })
  return createMiddleware<Env>((c, next) => {
    if (origins.includes(c.req.header('Origin') ?? '')) c.set('originAllowed', true)
    // Only a preflight is answered here; what else asks for the methods of a path is told them by the path.
    const isPreflight = c.req.header('Access-Control-Request-Method') !== undefined
    return c.req.method === 'OPTIONS' && !isPreflight ? next() : handle(c, next)
  })
}

/** `CORS_ORIGINS`. */
export const originsSetting = textSetting('origins, separated by commas')
  .refine(
    (text) => listed(text).every(isOrigin),
    'must be origins such as https://console.example.com, separated by commas',
  )
  .transform(listed)

function listed(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

/** An origin as browsers write it: no path, no final slash, no default port. */
const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
