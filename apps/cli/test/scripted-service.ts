import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What is answered to a call, by its method and path: `GET /v1/requests/7`. Several: one after the other, the last for ever. */
type Answer = {
  status?: number
  body?: unknown
  headers?: Record<string, string>
  /** It never comes. */
  hangs?: true
}
export type Answers = Record<string, Answer | Answer[]>

export type ScriptedService = AsyncDisposable & {
  readonly url: string
  /** Bodies that arrived, parsed where they are JSON. */
  readonly bodies: unknown[]
  /** Methods and URLs that were called. */
  readonly calls: string[]
  answers: Answers
}

/** A real HTTP server that answers as a test says. */
export async function startScriptedService(): Promise<ScriptedService> {
  const bodies: unknown[] = []
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    calls.push(`${request.method} ${request.url}`)
    if (body !== '') bodies.push(parsed(body))
    const path = request.url?.split('?')[0]
    const {
      status = 200,
      body: answer,
      headers = {},
      hangs,
    } = next(service.answers, `${request.method} ${path}`)
    if (hangs) return
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const service: ScriptedService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    calls,
    answers: {},
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return service
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

function next(answers: Answers, call: string): Answer {
  const answer = answers[call] ?? { status: 404, body: refusal('resource_unknown', 404) }
  if (!Array.isArray(answer)) return answer
  return (answer.length > 1 ? answer.shift() : answer[0]) ?? {}
}

export const refusal = (code: string, status: number, detail = `It is ${code}.`) => ({
  type: `/docs/errors#${code}`,
  title: 'A title.',
  status,
  code,
  detail,
  recovery: 'Do something about it.',
})

export const pem = '-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n'

export const request = (id: string, more: object) => ({
  id,
  times: { created: '2026-01-02T03:04:05.678Z' },
  links: { self: `/v1/requests/${id}` },
  ...more,
})
