import { type Again, ClientError } from './client-error.ts'

/** Nothing of the call has left this machine, or nobody took it. */
const neverSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Where every further try would end the same way, since it is the URL that is wrong. */
const hopeless = /^(bad port|ERR_SSL_.*)$/

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'it does not take the connection',
  'bad port': 'it is a port of other protocols, which fetch does not call',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak HTTPS; its URL may be one with http',
}

const certificateFault =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|ERR_TLS_HANDSHAKE|INVALID_CA|HOSTNAME_)/

/** What fetch throws when no answer came. `origin` is told; a path or query may name what a log should not have. */
export function connectionError(error: unknown, origin: string): ClientError {
  const code = codeOf(error)
  if (certificateFault.test(code)) {
    const message = `The certificate of ${origin} is not trusted (${code}).`
    return new ClientError('certificate_refused', message, { cause: error })
  }
  const reason = reasons[code] ?? (code === '' ? 'the connection broke' : code)
  return new ClientError('unreachable', `${origin} cannot be reached: ${reason}.`, {
    again: againAfter(code),
    cause: error,
  })
}

function againAfter(code: string): Again {
  if (hopeless.test(code)) return 'never'
  return neverSent.has(code) ? 'always' : 'if_idempotent'
}

/** fetch says "fetch failed", and why in its cause; where a name has several addresses that is an error of errors. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error.message === 'bad port') return error.message
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  return codeOf(inner, depth + 1)
}
