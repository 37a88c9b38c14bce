import { type ErrorCode, errorKinds } from '@csr-foundry/service'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { NONCE, type SecureHeadersVariables, secureHeaders } from 'hono/secure-headers'
import { dialects } from './dialects/index.ts'

const codes = Object.keys(errorKinds) as ErrorCode[]

const style = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { border-bottom: 1px solid; padding: .5rem; text-align: left; vertical-align: top }
  tr:target, tr:has(:target) { background: Highlight; color: HighlightText }`

/** `/docs/errors`: what every error means and what to do, where the answers' links point. */
export function errorDocs() {
  const app = new Hono<{ Variables: SecureHeadersVariables }>()
  app.use(
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: [NONCE] },
    }),
  )
  app.get('/', (c) =>
    c.html(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors of csr-foundry</title>
<style nonce="${c.get('secureHeadersNonce') ?? ''}">${style}</style>
<h1>Errors of csr-foundry</h1>
<table>
<thead><tr><th scope="col">Code${dialects.map(({ name }) => html`<th scope="col">${name}`)}<th scope="col">Status<th scope="col">Meaning<th scope="col">What to do</tr></thead>
<tbody>${codes.map(row)}</tbody>
</table>
</html>`),
  )
  return app
}

function row(code: ErrorCode) {
  const { status, title, recovery } = errorKinds[code]
  const ids = dialects.map(({ errorIds }) => errorIds[code])
  return html`
<tr id="${code}"><td><code>${code}</code>${ids.map((id) => html`<td id="${id}"><code>${id}</code>`)}<td>${status}<td>${title}<td>${recovery}</tr>`
}
