import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A call as it arrived. */
export type Arrived = {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the server does with a call: an answer, also one that is cut, a broken connection, or silence. */
export type Step =
  | { status: number; body?: unknown; headers?: Record<string, string>; breaksAfterwards?: true }
  | 'breaks'
  | 'is silent'

export type ScriptedServer = AsyncDisposable & {
  readonly url: string
  /** All calls, in their order. */
  readonly arrived: Arrived[]
  /** Replaces what is left of the script; its last step goes on for ever. */
  play(...steps: Step[]): void
}

/** A server that answers call after call as its script says. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let script: Step[] = []
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    const body = await text(request).catch(() => undefined)
    // Its sender has left.
    if (body === undefined) return
    arrived.push({ method, url, headers, body })
    perform((script.length > 1 ? script.shift() : script[0]) ?? 'breaks', response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    play: (...steps) => {
      script = steps
      arrived.length = 0
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function perform(step: Step, response: ServerResponse): void {
  if (step === 'is silent') return
  if (step === 'breaks') {
    response.destroy()
    return
  }
  const { status, body, headers = {}, breaksAfterwards } = step
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  if (breaksAfterwards) response.write(text, () => setImmediate(() => response.destroy()))
  else response.end(text)
}

export const problem = (code: string, status: number, more: object = {}) => ({
  type: `/docs/errors#${code}`,
  title: 'A title.',
  status,
  code,
  detail: `It is ${code}.`,
  recovery: 'Do something about it.',
  ...more,
})
