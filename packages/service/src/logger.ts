/**
 * One line of JSON per event on standard error; standard output is for what a person started the program to see.
 *
 * Rules: log ids, states, codes and durations, never bodies or records. Secrets are of type `Secret` and print as
 * `[secret]`; the paths below are the second line, for the day somebody logs a whole object.
 */
import { type Logger, pino } from 'pino'

export type { Logger }

const secretFields = [
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
]

export const redactedPaths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])

export function createLogger(
  name: string,
  level: string,
  destination?: { write(line: string): void },
) {
  return pino(
    {
      name,
      level,
      serializers: { err: (error: unknown) => describeError(error) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  )
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
