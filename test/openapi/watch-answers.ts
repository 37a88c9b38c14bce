/**
 * Holds every answer of the service that a test gets by `fetch` to the OpenAPI document: what it does not tell of fails the
 * test that has seen it. What a program of its own gets, such as csrctl or curl, is not seen here.
 */
import { afterEach, expect } from 'vitest'

type Watched = typeof fetch & { readonly checks?: Promise<string[]>[] }

const { checks = watch() } = globalThis.fetch as Watched

afterEach(async () => {
  const found = await Promise.all(checks.splice(0))
  expect([...new Set(found.flat())], 'answers that the OpenAPI document does not tell of').toEqual(
    [],
  )
})

/** Once for all test files of a process: they share its `fetch`. */
function watch() {
  const { fetch } = globalThis
  const checks: Promise<string[]>[] = []
  const watched = async (...call: Parameters<typeof fetch>) => {
    const response = await fetch(...call)
    if (isOfService(response)) checks.push(faultsOfCall(call, response.clone()))
    return response
  }
  globalThis.fetch = Object.assign(watched, { checks })
  return checks
}

const isOfService = ({ url, headers }: Response) =>
  /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url) &&
  headers.has('x-request-id') &&
  // It goes on for as long as the test listens.
  headers.get('content-type') !== 'text/event-stream'

async function faultsOfCall(
  [input, init]: Parameters<typeof fetch>,
  response: Response,
): Promise<string[]> {
  const { url, status, headers, redirected } = response
  const body = await response.text().catch(() => undefined)
  // The test has left before it was there.
  if (body === undefined) return []
  const asked = init?.method ?? (input instanceof Request ? input.method : 'GET')
  const method = redirected ? 'GET' : asked.toUpperCase()
  const { pathname, search } = new URL(url)
  // Not before it is needed: it makes the document.
  const { faultsOf } = await import('./answer-checker.ts')
  const answer = { method, target: `${pathname}${search}`, status, headers, body }
  return faultsOf(answer).map((fault) => `${method} ${answer.target} ${status}: ${fault}`)
}
