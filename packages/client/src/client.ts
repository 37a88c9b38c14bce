import { Self } from './accounts/self.ts'
import { Tenants } from './accounts/tenants.ts'
import { Tokens } from './accounts/tokens.ts'
import { Users } from './accounts/users.ts'
import { Audit } from './audit.ts'
import { Batches } from './batches/batches.ts'
import { ClientError } from './client-error.ts'
import { authorizationOf, type Credentials } from './credentials.ts'
import { Failures } from './failures.ts'
import { Health } from './health.ts'
import { Keys } from './keys.ts'
import { Ops } from './ops/ops.ts'
import { Policy } from './policy.ts'
import { Requests } from './requests.ts'
import type { Retry } from './retries.ts'
import { Transport } from './transport.ts'

export type ClientOptions = Credentials & {
  /** Of the service: `https://csr.example.com`, with a path where a proxy has it under one. */
  readonly url: string | URL
  /** Ends all calls when it aborts. */
  readonly signal?: AbortSignal
  /** How often a call is tried at most; 4 unless told. */
  readonly tries?: number
  /** Told before each pause that a further try follows. */
  readonly onRetry?: (retry: Retry) => void
  /** In place of Node's own. That trusts the CAs of NODE_EXTRA_CA_CERTS as well. */
  readonly fetch?: typeof fetch
}

/**
 * The native API of a csr-foundry, one object for each resource.
 *
 * Calls are made again by themselves where that is safe (see `Requests.create` for POST). What fails is a `ClientError`.
 * Credentials are in no error, and not shown where the client itself is logged.
 *
 * @example
 * ```ts
 * const client = new Client({ url: 'http://127.0.0.1:8080', token })
 * const { id } = await client.requests.create({ subject: { commonName: 'edge-1.example.com' } })
 * const { csr } = await client.requests.waitFor(id)
 * ```
 */
export class Client {
  readonly requests: Requests
  readonly batches: Batches
  readonly failures: Failures
  readonly keys: Keys
  readonly policy: Policy
  readonly audit: Audit
  readonly users: Users
  readonly tokens: Tokens
  readonly tenants: Tenants
  readonly self: Self
  readonly ops: Ops
  readonly health: Health

  /** @throws ClientError options_invalid */
  constructor(options: ClientOptions) {
    const transport = new Transport({
      url: serviceUrl(options.url),
      authorization: authorizationOf(options),
      fetch: options.fetch ?? globalThis.fetch,
      signal: options.signal,
      tries: options.tries,
      onRetry: options.onRetry,
    })
    this.requests = new Requests(transport)
    this.batches = new Batches(transport)
    this.failures = new Failures(transport)
    this.keys = new Keys(transport)
    this.policy = new Policy(transport)
    this.audit = new Audit(transport)
    this.users = new Users(transport)
    this.tokens = new Tokens(transport)
    this.tenants = new Tenants(transport)
    this.self = new Self(transport)
    this.ops = new Ops(transport)
    this.health = new Health(transport)
  }
}

/** No message repeats the URL: it may hold a password. */
function serviceUrl(given: string | URL): URL {
  const url = URL.parse(String(given))
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ClientError('options_invalid', 'The URL is none that starts with https: or http:.')
  }
  if (url.username !== '' || url.password !== '') {
    const message = 'The URL holds credentials; give them apart from it.'
    throw new ClientError('options_invalid', message)
  }
  url.search = ''
  url.hash = ''
  return url
}
