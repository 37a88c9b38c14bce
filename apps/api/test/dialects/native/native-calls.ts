import type { ProblemView, RequestView } from '@csr-foundry/native-api'
import type { TestApi } from '../../start-api.ts'

export type Answer<Body> = { status: number; headers: Headers; body: Body }

export const json = { 'content-type': 'application/json' }

/** Calls and reads the answer as JSON. */
export async function ask<Body = RequestView & ProblemView>(
  api: TestApi,
  path: string,
  init: RequestInit = {},
): Promise<Answer<Body>> {
  const response = await api.call(path, init)
  const text = await response.text()
  const body = (text === '' ? undefined : JSON.parse(text)) as Body
  return { status: response.status, headers: response.headers, body }
}

/** Sends a body as JSON. */
export const send = <Body = RequestView & ProblemView>(
  api: TestApi,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) => ask<Body>(api, path, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) })

/** POSTs a request for a CSR. */
export const post = (api: TestApi, body: unknown, headers?: Record<string, string>) =>
  send(api, 'POST', '/v1/requests', body, headers)

export const edge = { subject: { commonName: 'edge-1.example.com' } }
