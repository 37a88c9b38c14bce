/**
 * Forms that change something.
 *
 * Rules: a form brings the CSRF token of its session in a hidden field, and comes from a page of this very site; see
 * ../guards.ts. What it holds is parsed by the same schemas as a body of the native API.
 */
import { type Fault, ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { html } from 'hono/html'
import type { z } from 'zod'
import { confirmCaller } from '../authentication/confirm-caller.ts'
import { isCsrfOf } from '../authentication/csrf.ts'
import { isSafe } from '../authentication/safe-methods.ts'
import type { Env } from '../services.ts'
import type { Html } from './layout.ts'
import { csrfOfSession, readConsoleSession } from './session.ts'

const mostBytes = 16 * 1024
const field = 'csrf'

/** Refuses a form that is larger than any of the console's. */
export const limitForms = bodyLimit({
  maxSize: mostBytes,
  onError: () => {
    throw new ServiceError('body_too_large', {
      detail: `The form has more than ${mostBytes} bytes.`,
    })
  },
})

/** Refuses a change without the token of its session, and one of somebody who has lost what let him in meanwhile. */
export const requireCsrfField = createMiddleware<Env>(async (c, next) => {
  if (isSafe(c.req.method)) return await next()
  const form = await readForm(c)
  const session = readConsoleSession(c)
  if (!session || !isCsrfOf(session.id, form.get(field) ?? undefined)) {
    const detail = 'The form does not belong to your session: load the page again and repeat.'
    throw new ServiceError('csrf_token_missing', { detail })
  }
  await confirmCaller(c)
  await next()
})

/** The fields of a form, as browsers send them by default. */
export async function readForm(c: Context<Env>): Promise<URLSearchParams> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw new ServiceError('content_type_unsupported', {
      detail: 'Forms are sent as application/x-www-form-urlencoded.',
    })
  }
  return new URLSearchParams(await c.req.text())
}

/** What a schema makes of a query. @throws {ServiceError} `parameter_invalid` with a fault for each parameter */
export const parseQuery = <Schema extends z.ZodType>(
  schema: Schema,
  query: z.input<Schema>,
): z.output<Schema> => parseFields(schema, query, 'parameter_invalid')

/** What a schema makes of fields. @throws {ServiceError} `attribute_invalid` with a fault for each field */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  fields: z.input<Schema>,
  code: 'attribute_invalid' | 'parameter_invalid' = 'attribute_invalid',
): z.output<Schema> {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(
    ({ path, message }): Fault => ({ pointer: fieldOf(path), detail: message }),
  )
  throw new ServiceError(code, { faults })
}

/** A field by its names, without where it is in a list: `administrator name`. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path.filter((part) => typeof part === 'string').join(' ')

/** A form that POSTs to a path of the console. */
export const postForm = (c: Context<Env>, action: string, content: Html, kind = '') =>
  html`<form method="post" action="${action}" class="${kind}"><input type="hidden" name="${field}" value="${csrfOfSession(c)}">${content}</form>`

/** A button that asks once more before it does what cannot be undone, or moves much. */
export const confirmForm = (
  c: Context<Env>,
  action: string,
  {
    label,
    question,
    act,
    kind = '',
  }: { label: string; question: Html; act: string; kind?: string },
) =>
  html`<details class="confirm"><summary class="button ${kind}">${label}</summary><div class="sheet">${postForm(
    c,
    action,
    html`<p>${question}</p><button class="${kind}">${act}</button>`,
  )}</div></details>`
