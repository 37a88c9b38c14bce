import { type ErrorCode, errorKinds, faultCodes } from '@csr-foundry/service'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { NONCE, type SecureHeadersVariables, secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import { dialects } from './dialects/index.ts'
import { faultKinds } from './fault-kinds.ts'
import { operation } from './operation.ts'
import type { Env } from './services.ts'

const codes = Object.keys(errorKinds) as ErrorCode[]

const style = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { border-bottom: 1px solid; padding: .5rem; text-align: left; vertical-align: top }
  tr:target, tr:has(:target) { background: Highlight; color: HighlightText }`

const facts = {
  summary: 'Show what every error means',
  open: true,
  query: 'any',
  answers: {
    200: {
      description: 'The page.',
      body: { mediaType: 'text/html', schema: z.unknown(), examples: {} },
    },
  },
} as const

/** `/docs/errors`: what every error means and what to do, where the answers' links point. */
export function errorDocs() {
  const app = new Hono<Env & { Variables: SecureHeadersVariables }>()
  app.use(
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: [NONCE] },
    }),
  )
  app.get('/', operation('getErrorDocs', facts), (c) =>
    c.html(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors of csr-foundry</title>
<style nonce="${c.get('secureHeadersNonce') ?? ''}">${style}</style>
<h1>Errors of csr-foundry</h1>
<p>The calls that they answer are on <a href="/docs">the page of the APIs</a>.
<table>
<thead><tr><th scope="col">Code${dialects.map(({ name }) => html`<th scope="col">${name}`)}<th scope="col">Status<th scope="col">Meaning<th scope="col">What to do</tr></thead>
<tbody>${codes.map(row)}</tbody>
</table>
<h2>Codes of single faults</h2>
<p>Where fastly and native tell one fault of a body from others; the answer as a whole is an attribute_invalid.
<table>
<thead><tr><th scope="col">Code<th scope="col">Meaning<th scope="col">What to do</tr></thead>
<tbody>${faultCodes.map(faultRow)}</tbody>
</table>
</html>`),
  )
  return app
}

function row(code: ErrorCode) {
  const { status, title, recovery } = errorKinds[code]
  const cells = dialects.map(({ errorIds }) => errorIds?.[code]).map((id) => cell(code, id))
  return html`
<tr id="${code}"><td><code>${code}</code>${cells}<td>${status}<td>${title}<td>${recovery}</tr>`
}

/** What one dialect calls the error; the place of a link of its own only where that differs. */
const cell = (code: ErrorCode, id: string | undefined) =>
  id === undefined ? html`<td><code>${code}</code>` : html`<td id="${id}"><code>${id}</code>`

function faultRow(code: (typeof faultCodes)[number]) {
  const { title, recovery } = faultKinds[code]
  return html`
<tr id="${code}"><td><code>${code}</code><td>${title}<td>${recovery}</tr>`
}
