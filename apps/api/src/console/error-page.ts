import { errorKinds, type Fault, type ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { asServiceError } from '../as-service-error.ts'
import { isSafe } from '../authentication/safe-methods.ts'
import type { Env, Services } from '../services.ts'
import { answerPage } from './layout.ts'
import { alertBox } from './parts/alert.ts'
import { home } from './sections.ts'

/** What went wrong as a page; who has not logged in comes to the page for that. */
export function answerErrorPage(
  { log }: Services,
  c: Context<Env>,
  thrown: unknown,
): Response | Promise<Response> {
  const error = asServiceError(thrown)
  const { code, retryAfter } = error
  if (code === 'credentials_invalid' && isSafe(c.req.method) && isNavigation(c)) {
    return c.redirect(loginPath(c), 303)
  }
  const { status } = errorKinds[code]
  const failure = { requestId: c.get('requestId'), code }
  if (status === 503) log.warn({ ...failure, reason: String(error.cause ?? '') }, 'call refused')
  else if (status >= 500) log.error({ ...failure, err: thrown }, 'call failed')
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  // Of a scheme that no browser has a prompt for (RFC 9110, section 11.6.1 asks for one).
  if (status === 401) c.header('WWW-Authenticate', 'Session realm="csr-foundry"')
  return answerPage(
    c,
    { title: titles[status] ?? 'That did not work', main: told(c, error) },
    status,
  )
}

const titles: Readonly<Record<number, string>> = {
  401: 'You are not logged in',
  403: 'You may not do that',
  404: 'There is nothing here',
  429: 'Too much at once',
  503: 'Not at the moment',
}

const told = (c: Context<Env>, error: ServiceError) =>
  html`${alertBox(errorKinds[error.code].status === 404 ? 'info' : 'danger', error.message, nextStep(error))}
<p class="muted">Call <code>${c.get('requestId')}</code>, error <a href="/docs/errors#${error.code}">${error.code}</a></p>
<p><a class="button" href="${home}">To the console</a></p>`

/** What was wrong with a form, at its top. */
export const errorAlert = (error: ServiceError) =>
  alertBox('danger', error.message, nextStep(error))

/** In the words of a person at a browser, where those of the table are for programs. */
export function nextStep({ code, retryAfter, faults }: ServiceError): string {
  if (faults.length > 0) return faults.map(faultText).join(' ')
  const own = ownSteps[code]
  if (own !== undefined) return own
  if (retryAfter !== undefined) return `Try again in ${retryAfter} s.`
  return errorKinds[code].recovery
}

const faultText = ({ pointer, detail }: Fault): string =>
  `${pointer.replace(/^\//, '')} ${detail}.`.trim()

const ownSteps: Readonly<Record<string, string>> = {
  credentials_invalid: 'Log in, and do it again.',
  csrf_token_missing: 'Go back, load the page again and repeat what you did.',
  origin_refused: 'Open the console by its own address and do it there.',
  resource_unknown: 'Check the address, or go to one of the pages of the console.',
}

/** A page that a person opens; what a script asks for is told plainly. */
const isNavigation = (c: Context<Env>) => /\btext\/html\b/.test(c.req.header('accept') ?? '')

function loginPath(c: Context<Env>): string {
  const { pathname, search } = new URL(c.req.url)
  const next = `${pathname}${search}`
  return next === home ? '/dashboard/login' : `/dashboard/login?${new URLSearchParams({ next })}`
}

/** @throws {ServiceError} what is no fault of what was asked for: such a failure is a page of its own */
export function expected(thrown: unknown): ServiceError {
  const error = asServiceError(thrown)
  const { status } = errorKinds[error.code]
  if (status === 401 || status === 403 || status >= 500) throw thrown
  return error
}
