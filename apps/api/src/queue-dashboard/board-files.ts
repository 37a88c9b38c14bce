/** The files that bull-board's page is made of: those that lie in its package, and nothing beside them. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ServiceError } from '@csr-foundry/service'
import type { MiddlewareHandler } from 'hono'
import { boardFolder } from './board-page.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
}

/** Scripts and styles of a release have a digest in their names. */
const isDigested = /\.[0-9a-f]{10}\.(js|css)$/

/** What HonoAdapter takes for serving files. */
export function boardFiles({
  rewriteRequestPath,
}: {
  rewriteRequestPath?: (path: string) => string
}): MiddlewareHandler {
  const folder = join(boardFolder, 'dist', 'static')
  const files = new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  )
  return async (c) => {
    const file = join(folder, rewriteRequestPath?.(c.req.path) ?? c.req.path)
    const mediaType = mediaTypes[extname(file)]
    if (!files.has(file) || !mediaType) throw new ServiceError('resource_unknown')
    return c.body(await readFile(file), 200, {
      'Content-Type': mediaType,
      'Cache-Control': isDigested.test(file) ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
  }
}
