/**
 * The frame of every page.
 *
 * Rules: a page loads nothing from elsewhere and has nothing inline, and its policy does not let it. The colours are chosen by
 * the system or by a cookie that says no more than that, so a page never shows the wrong ones first.
 */
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Env } from '../services.ts'
import { type AssetName, assetPath } from './assets.ts'
import { postForm } from './forms.ts'
import { brand, icon } from './parts/icon.ts'
import { home, sectionsFor } from './sections.ts'

export type Html = ReturnType<typeof html> | string

export type Page = {
  readonly title: string
  /** Beside the title: what can be done with all of it. */
  readonly actions?: Html
  /** The pages above it, from the first down. */
  readonly above?: readonly { readonly title: string; readonly path: string }[]
  readonly main: Html
  readonly styles?: readonly AssetName[]
  readonly scripts?: readonly AssetName[]
}

const contentSecurityPolicy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

const headers = {
  'Content-Security-Policy': contentSecurityPolicy,
  // With the usual `no-referrer` browsers would send forms with an Origin that is nobody's.
  'Referrer-Policy': 'same-origin',
}

const themes: ReadonlySet<string> = new Set(['light', 'dark'])

export function answerPage(
  c: Context<Env>,
  page: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return c.html(document(c, page), status, headers)
}

function document(c: Context<Env>, page: Page) {
  const theme = getCookie(c, 'csr-foundry-theme') ?? ''
  const caller = c.get('caller')
  return html`<!doctype html>
<html lang="en"${themes.has(theme) ? html` data-theme="${theme}"` : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · csr-foundry</title>
<link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}">
${['console.css' as const, ...(page.styles ?? [])].map((name) => html`<link rel="stylesheet" href="${assetPath(name)}">`)}
<script type="module" src="${assetPath('page.js')}"></script>
${(page.scripts ?? []).map((name) => script(name))}
</head>
<body${caller ? '' : html` class="outside"`}>
<a class="skip" href="#main">Skip to the content</a>
${caller && bar(c)}
<main id="main" tabindex="-1">
${page.above && trail(page.above, page.title)}
<div class="head"><h1>${page.title}</h1>${page.actions && html`<div class="actions">${page.actions}</div>`}</div>
${page.main}
</main>
</body>
</html>`
}

/** What is no module is there before those that use it: both wait for the page, in their order. */
const script = (name: AssetName) =>
  name.endsWith('.min.js')
    ? html`<script defer src="${assetPath(name)}"></script>`
    : html`<script type="module" src="${assetPath(name)}"></script>`

function bar(c: Context<Env>) {
  const { name, tenant, roles } = c.get('principal')
  const inSection = (path: string) => c.req.path === path || c.req.path.startsWith(`${path}/`)
  return html`<header class="bar">
<div class="top">
<a class="brand" href="${home}">${brand}<span>csr-foundry</span></a>
<span class="space"></span>
<button type="button" class="plain theme" id="theme" hidden></button>
<details class="menu"><summary><span class="who">${name}<span class="at">@${tenant}</span></span>${icon('down')}</summary>
<div class="sheet"><p class="muted">Roles: ${roles.length > 0 ? roles.join(', ') : 'none'}</p>
<a href="/dashboard/account">Your account</a>
${postForm(c, '/dashboard/logout', html`<button class="plain leave">Log out</button>`)}</div></details>
</div>
<nav aria-label="Pages"><ul class="tabs">${sectionsFor(roles).map(
    ({ path, title }) =>
      html`<li><a class="tab" href="${path}"${inSection(path) ? html` aria-current="page"` : ''}>${title}</a></li>`,
  )}</ul></nav>
</header>`
}

const trail = (above: NonNullable<Page['above']>, title: string) =>
  html`<nav class="trail" aria-label="Breadcrumbs"><ol>${above.map(
    (one) => html`<li><a href="${one.path}">${one.title}</a></li>`,
  )}<li aria-current="page">${title}</li></ol></nav>`
