/**
 * The files that the pages are made of. Their addresses have a digest of all of them in it, so a browser keeps them for ever
 * and still has those of a new release at once.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import type { Env } from '../services.ts'

const own = new URL('assets/', import.meta.url)

const mediaTypes = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const

const names = [
  ...(['console.css', 'icon.svg', 'page.js', 'live.js', 'refresh.js', 'login.js'] as const),
  ...(['batch.js', 'overview.js', 'charts.js', 'uPlot.iife.min.js', 'uPlot.min.css'] as const),
] as const
export type AssetName = (typeof names)[number]

type Assets = {
  readonly digest: string
  readonly files: ReadonlyMap<string, Buffer<ArrayBuffer>>
}

let assets: Assets | undefined

/** Read when the first page is asked for: the API's start has no use for them. */
function readAssets(): Assets {
  if (assets) return assets
  const digest = createHash('sha256')
  const files = new Map<string, Buffer<ArrayBuffer>>()
  for (const name of names) {
    const bytes = readFileSync(sourceOf(name))
    digest.update(bytes)
    files.set(name, bytes)
  }
  assets = { digest: digest.digest('base64url').slice(0, 12), files }
  return assets
}

const sourceOf = (name: AssetName) =>
  name.startsWith('uPlot')
    ? new URL(name, import.meta.resolve('uplot/dist/uPlot.iife.min.js'))
    : new URL(name, own)

export const assetPath = (name: AssetName) => `/dashboard/assets/${readAssets().digest}/${name}`

/** They are for anybody: the page to log in is made of them, and they say nothing of what the service holds. */
export function assetRoutes(): Hono<Env> {
  const app = new Hono<Env>()
  app.use(compress({ encoding: 'gzip' }))
  app.get('/:digest/:name', (c) => {
    const { digest, files } = readAssets()
    const name = c.req.param('name')
    const file = files.get(name)
    if (!file) throw new ServiceError('resource_unknown')
    // During an upgrade a page of the other release asks: it gets what there is, and does not keep it.
    const isKept = c.req.param('digest') === digest
    return c.body(file, 200, {
      'Content-Type': mediaTypes[name.slice(name.lastIndexOf('.') + 1) as keyof typeof mediaTypes],
      'Cache-Control': isKept ? 'public, max-age=31536000, immutable' : 'no-store',
    })
  })
  return app
}
