/** Calls as strangers and broken clients make them: good ones of every endpoint, damaged, and plain rubbish. */
import fc from 'fast-check'
import type { Things } from '../../endpoints/endpoint.ts'
import { aboutOneself } from '../../endpoints/endpoints/about-oneself.ts'
import { endpoints } from '../../endpoints/endpoints.ts'

export type HostileCall = {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  /** Sent as it stands in place of all the rest. */
  readonly raw?: Buffer
}

const oddTexts = [
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'null',
  '../../etc/passwd',
  '%00',
  '%',
  '%zz',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  "' or 1=1--",
  '<script>',
  '\u0000',
  '\ud800',
  '\u202e',
  'ä'.repeat(300),
  'x'.repeat(70_000),
  '*.*.example.com',
  'xn--',
  '::1',
  '-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----',
]

const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

const deep = fc
  .integer({ min: 1, max: 30_000 })
  .map((depth) => '['.repeat(depth) + ']'.repeat(depth))

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 2 ** 53, [], {}, [[]], [null], {
    a: {},
  }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(oddText, { maxLength: 300 }),
)

type Damage = {
  readonly kind: 'replace' | 'remove' | 'add' | 'wrap'
  readonly at: number
  readonly value: unknown
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('replace', 'remove', 'add', 'wrap'),
  at: fc.nat(),
  value: oddValue,
})

/** The body with one of its places damaged. */
function damaged(body: unknown, { kind, at, value }: Damage): unknown {
  const root = { body: structuredClone(body) }
  const places = placesOf(root)
  const place = places[at % places.length]
  if (!place) return value
  const [holder, name] = place
  if (kind === 'replace') holder[name] = value
  else if (kind === 'wrap') holder[name] = [holder[name]]
  else if (kind === 'remove') delete holder[name]
  else if (typeof holder[name] === 'object' && holder[name] !== null) {
    Object.assign(holder[name], { [typeof value === 'string' ? value : 'extra']: value })
  }
  return root.body
}

type Holder = Record<string, unknown>

function placesOf(holder: Holder): [Holder, string][] {
  return Object.keys(holder).flatMap((name): [Holder, string][] => {
    const inner = holder[name]
    const deeper = typeof inner === 'object' && inner !== null ? placesOf(inner as Holder) : []
    return [[holder, name], ...deeper]
  })
}

/** JSON as it could arrive: whole, cut, with a key twice, in another encoding, or none at all. */
const encoded = (value: unknown): fc.Arbitrary<Buffer> => {
  const text = JSON.stringify(value) ?? ''
  const whole = Buffer.from(text)
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(whole) },
    fc.nat(Math.max(1, whole.length)).map((end) => whole.subarray(0, end)),
    fc
      .tuple(fc.nat(Math.max(1, whole.length)), fc.uint8Array({ maxLength: 8 }))
      .map(([at, bytes]) =>
        Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)]),
      ),
    fc.constantFrom(
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`${text}${text}`),
      Buffer.from(text.replace('{', '{"__proto__":{"admin":true},')),
      Buffer.alloc(70_000, 0x20),
    ),
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    deep.map((nested) => Buffer.from(nested)),
  )
}

const oddHeaders: fc.Arbitrary<readonly (readonly [string, string])[]> = fc.array(
  fc.oneof(
    fc.constantFrom<readonly [string, string]>(
      ['content-type', 'text/plain'],
      ['content-type', 'application/json; charset=utf-16'],
      ['content-type', 'application/vnd.api+json'],
      ['content-type', 'application/vnd.api+json; ext=x'],
      ['content-type', 'multipart/form-data; boundary=x'],
      ['content-encoding', 'gzip'],
      ['content-encoding', 'br, br, br'],
      ['accept', 'application/pkcs10'],
      ['accept', 'application/x-pem-file;q=0'],
      ['accept', '*/*;q=nan, ,;'],
      ['accept-encoding', 'gzip, deflate, br, zstd'],
      ['prefer', 'wait=0'],
      ['prefer', 'wait=99999999999'],
      ['prefer', 'respond-async, wait='],
      ['authorization', 'Basic'],
      ['authorization', 'Basic !!!!'],
      ['authorization', 'Basic OnBhc3M='],
      ['authorization', `Bearer ${'x'.repeat(4_000)}`],
      ['authorization', 'Digest username="admin"'],
      ['fastly-key', ''],
      ['fastly-key', 'nonsense'],
      ['cookie', 'JSESSIONID=; csrf=x'],
      ['cookie', `JSESSIONID=${'a'.repeat(3_000)}; =; ;;`],
      ['x-csrf-token', 'x'],
      ['origin', 'null'],
      ['origin', 'https://elsewhere.example'],
      ['sec-fetch-site', 'cross-site'],
      ['x-forwarded-for', '1.2.3.4, nonsense, ::1'],
      ['x-forwarded-host', 'elsewhere.example'],
      ['x-forwarded-proto', 'javascript'],
      ['x-request-id', '../../\u00e4'],
      ['x-request-id', 'x'.repeat(500)],
      ['idempotency-key', 'x'.repeat(500)],
      ['if-match', '*'],
      ['range', 'bytes=0-1,5-'],
      ['expect', '100-continue'],
      ['x-http-method-override', 'DELETE'],
    ),
    fc.tuple(
      fc.constantFrom('accept', 'prefer', 'cookie', 'authorization', 'x-odd'),
      fc.string({ maxLength: 60 }),
    ),
  ),
  { maxLength: 3 },
)

const oddMethod = fc.constantFrom(
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'TRACE',
  'PROPFIND',
)

/** A path with one of its parts, or its query, replaced. */
const oddPath = (path: string) =>
  fc
    .tuple(fc.nat(), oddText, fc.constantFrom('part', 'query', 'twice', 'tail'))
    .map(([at, text, what]) => {
      const odd = encodeURIComponent(text.isWellFormed() ? text : 'x').slice(0, 9_000)
      const [bare = '', query] = path.split('?')
      if (what === 'query') return `${bare}?${odd}=${odd}`
      if (what === 'twice') return `${bare}?${query ?? 'path=1'}&${query ?? 'path=2'}`
      if (what === 'tail') return `${path}/${odd}`
      const parts = bare.split('/')
      parts[1 + (at % Math.max(1, parts.length - 1))] = odd
      return parts.join('/')
    })

const json: readonly [string, string] = ['content-type', 'application/json']

export type Header = readonly [name: string, value: string]

/** One hostile call, of things that may be there; `callers` are the headers of those who may make it. */
export function hostileCall(
  things: Things,
  callers: readonly (readonly Header[])[],
): fc.Arbitrary<HostileCall> {
  const goodCalls = [
    ...endpoints.map(({ method, call }) => ({ method, ...call(things) })),
    ...aboutOneself,
  ]
  const ofEndpoint = fc.constantFrom(...goodCalls).chain((good) => {
    const body =
      good.body === undefined
        ? fc.oneof({ weight: 3, arbitrary: fc.constant(Buffer.alloc(0)) }, oddValue.chain(encoded))
        : fc.array(damage, { maxLength: 2 }).chain((all) => encoded(all.reduce(damaged, good.body)))
    return fc.record({
      method: fc.oneof({ weight: 6, arbitrary: fc.constant<string>(good.method) }, oddMethod),
      path: fc.oneof({ weight: 4, arbitrary: fc.constant(good.path) }, oddPath(good.path)),
      headers: fc
        .tuple(fc.constantFrom(...callers), oddHeaders)
        .map(([caller, odd]) => [...caller, ...(good.body === undefined ? [] : [json]), ...odd]),
      body,
    })
  })
  return fc.oneof({ weight: 12, arbitrary: ofEndpoint }, rubbish)
}

const requestLines = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET /v1/requests HTTP/9.9\r\nHost: x\r\n\r\n',
  'POST /v1/requests HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
  'POST /v1/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{"privateKey":1}',
  'POST /v1/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{}',
  'POST /v1/keys HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'GET /certificateSigningRequest?path=%ff%fe HTTP/1.1\r\nHost: a b\r\n\r\n',
  'GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET //// HTTP/1.1\r\nHost: x:99999\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET /healthz HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(3_000)}\r\n`,
  '\r\n\r\n\u0000\u0001',
]

const rubbish: fc.Arbitrary<HostileCall> = fc
  .oneof(
    fc.constantFrom(...requestLines).map((text) => Buffer.from(text, 'latin1')),
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  )
  .map((raw) => ({ method: '', path: '', headers: [], body: Buffer.alloc(0), raw }))
