/**
 * One line of JSON per event on standard error; standard output is for what a person started the program to see.
 *
 * Rules: log ids, states, codes and durations, never bodies or records. Secrets are of type `Secret` and print as
 * `[secret]`; the fields below are the second line, for the day somebody logs a whole object.
 */
import { type Logger as PinoLogger, pino } from 'pino'
import { lineWriter } from './line-writer.ts'
import { traceIds } from './tracing/tracer.ts'

/** Without `child`, whose fields would not be scrubbed. */
export type Logger = Pick<PinoLogger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'>

export const secretFields: ReadonlySet<string> = new Set([
  'password',
  'authorization',
  'cookie',
  'token',
  'key',
  'privateKey',
  'sealed',
  'masterKey',
  'url',
  'challengePassword',
])
const scrubbedLevels = 4

export function createLogger(
  name: string,
  level: string,
  destination?: { write(line: string): void },
): Logger {
  return pino(
    {
      name,
      level,
      serializers: { err: (error: unknown) => describeError(error) },
      // Not pino's redact: with as many wildcards it costs ten times as much a line, on the API's one thread.
      formatters: { log: (fields) => withTrace(scrub(fields)) },
      timestamp,
    },
    destination ?? lineWriter(2),
  )
}

let lastMs = 0
let lastTimestamp = ''

/** As ISO 8601 in UTC; written out once for all lines of a millisecond. */
function timestamp(): string {
  const now = Date.now()
  if (now !== lastMs) {
    lastMs = now
    lastTimestamp = `,"time":"${new Date(now).toISOString()}"`
  }
  return lastTimestamp
}

type Fields = Record<string, unknown>

/** Names the trace of the call or lot that the line is about, where there is one. */
function withTrace(fields: Fields): Fields {
  const ids = traceIds()
  return ids ? { ...fields, ...ids } : fields
}

function scrub(fields: Fields, level = 1): Fields {
  if (isHarmless(fields)) return fields
  const scrubbed: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    scrubbed[name] = secretFields.has(name) ? '[redacted]' : scrubValue(value, level)
  }
  return scrubbed
}

/** As nearly all are: no name is a secret's, and nothing is inside that could hold one. */
function isHarmless(fields: Fields): boolean {
  for (const name in fields) {
    if (secretFields.has(name) || typeof fields[name] === 'object') return false
  }
  return true
}

/** What is not a plain object or a list says itself how it is written: an error, a Secret, a Buffer. */
function scrubValue(value: unknown, level: number): unknown {
  if (typeof value !== 'object' || value === null || level >= scrubbedLevels) return value
  if (Array.isArray(value)) return value.map((one) => scrubValue(one, level + 1))
  return Object.getPrototypeOf(value) === Object.prototype
    ? scrub(value as Fields, level + 1)
    : value
}

/** Deeper than any chain of causes that says something, and an end to one that goes round. */
const deepestCause = 8

/**
 * An error by its own words alone: libraries hang what they were doing on their errors, and a failed Redis command carries
 * every argument it had.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return {
    type: name,
    message,
    ...code,
    stack,
    ...(cause !== undefined && depth < deepestCause && { cause: describeError(cause, depth + 1) }),
  }
}
