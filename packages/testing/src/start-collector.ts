import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** As OTLP's JSON has it; `kind` 2 is a call that was answered, 3 one that was made, 4 a job that was added, 5 one that was taken. */
export type CollectedSpan = {
  readonly service: unknown
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly failed: boolean
  readonly facts: Readonly<Record<string, unknown>>
}

export type Collector = AsyncDisposable & {
  readonly url: string
  /** What it answers from now on. */
  answer(status: number): void
  readonly headers: readonly IncomingHttpHeaders[]
  /** All that it was sent, as it came. */
  text(): string
  spans(): CollectedSpan[]
}

/** Takes traces by OTLP over HTTP. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  let status = 200
  const server = createServer(async (incoming, outgoing) => {
    bodies.push(await text(incoming))
    headers.push(incoming.headers)
    outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (next) => {
      status = next
    },
    headers,
    text: () => bodies.join('\n'),
    spans: () => bodies.flatMap(spansIn),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

type Value = {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly boolValue?: boolean
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values: readonly Value[] }
}

type Attributes = readonly { readonly key: string; readonly value: Value }[]

type Body = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'facts' | 'failed' | 'service' | 'links'> & {
        readonly attributes: Attributes
        readonly links?: CollectedSpan['links']
        readonly status: { readonly code: number }
      })[]
    }[]
  }[]
}

function spansIn(body: string): CollectedSpan[] {
  const { resourceSpans }: Body = JSON.parse(body)
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = factsOf(resource.attributes)['service.name']
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ attributes, links = [], status, ...span }) => ({
        ...span,
        ...{ service, links, failed: status.code === 2, facts: factsOf(attributes) },
      }))
  })
}

const factsOf = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))

const plain = ({ arrayValue, intValue, ...value }: Value): unknown => {
  if (arrayValue) return arrayValue.values.map(plain)
  return intValue === undefined ? Object.values(value)[0] : Number(intValue)
}
