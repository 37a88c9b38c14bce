import { ClientError } from '@csr-foundry/client'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { Fault, faultOf } from './fault.ts'

/** What commands that talk to the service find wrong by themselves; the page docs/cli.md is held to it. */
export const failureKinds = {
  credentials_missing: {
    hint: 'Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.',
    exitCode: exitCodes.denied,
  },
  settings_invalid: {
    hint: 'Set CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD, not both.',
    exitCode: exitCodes.unusable,
  },
  input_missing: {
    hint: 'Give it in a file with --password-file, on standard input, or on a terminal.',
    exitCode: exitCodes.unusable,
  },
  inputs_differ: { hint: 'Run it again and type the same twice.', exitCode: exitCodes.unusable },
  no_private_key: {
    hint: 'Give the key as PEM: openssl pkey -inform DER -in FILE makes it of DER.',
    exitCode: exitCodes.unusable,
  },
  no_export: {
    hint: 'Give what "csrctl key export" wrote for a recipient, whole; of several lines one.',
    exitCode: exitCodes.unusable,
  },
  export_damaged: { hint: 'Get the file again, or export the key again.', exitCode: exitCodes.no },
  identity_invalid: {
    hint: 'Give a key of RSA with 2048 bits or more, P-256 or X25519, as PEM or JWK.',
    exitCode: exitCodes.unusable,
  },
  identity_wrong: {
    hint: 'Give the private key of the recipient that it was exported for, or export it again.',
    exitCode: exitCodes.no,
  },
  password_wrong: {
    hint: 'Give the password of that file; the file may also be damaged.',
    exitCode: exitCodes.unusable,
  },
  file_exists: {
    hint: 'Name another file, or replace it with --force.',
    exitCode: exitCodes.unusable,
  },
  file_not_written: {
    hint: 'Check that its folder is there, that you may write in it, and that the disk has room.',
    exitCode: exitCodes.unusable,
  },
  format_unknown: {
    hint: 'Name it with --format: ndjson, csv or json.',
    exitCode: exitCodes.unusable,
  },
  interrupted: {
    hint: 'Run the same command again: it goes on where this one was.',
    exitCode: exitCodes.interrupted,
  },
  not_ready: {
    hint: 'Give it time with --wait SECONDS, or ask again later.',
    exitCode: exitCodes.later,
  },
  no_recipient: {
    hint: 'Give the public JWK that "csrctl key recipient IDENTITY" prints.',
    exitCode: exitCodes.unusable,
  },
  no_seal: {
    hint: 'Give what "csrctl audit seal" printed, or a seal from the log as JSON.',
    exitCode: exitCodes.unusable,
  },
  cancelled: { hint: 'Hand in a new request if you still need it.', exitCode: exitCodes.no },
} as const satisfies Record<string, { hint: string; exitCode: ExitCode }>

type Rest = { readonly hint: string; readonly exitCode: ExitCode; readonly cause?: unknown }

/** Why a command did not do what it was asked for. `--json` prints all but the exit code: scripts rely on the shape. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  /** What to do next: a sentence. */
  readonly hint: string
  readonly exitCode: ExitCode

  constructor(code: string, message: string, rest: Rest) {
    super(message, { cause: rest.cause })
    this.code = code
    this.hint = rest.hint
    this.exitCode = rest.exitCode
  }

  static of(kind: keyof typeof failureKinds, message: string, cause?: unknown): Failure {
    return new Failure(kind, message, { ...failureKinds[kind], cause })
  }
}

/** The service tells programs what to send; who sits at a command line is told what to set. */
const ownHints: Readonly<Record<string, string>> = {
  unreachable: 'Check CSRCTL_URL or --url, and that the service runs.',
  unexpected_answer: 'Check CSRCTL_URL or --url; it is the address of the service alone.',
  options_invalid: 'Correct CSRCTL_URL or --url, CSRCTL_TOKEN, CSRCTL_USER.',
  credentials_invalid: 'Check CSRCTL_TOKEN, or CSRCTL_USER and CSRCTL_PASSWORD.',
  login_throttled: 'Check the password, and try again later.',
  writes_throttled: 'Try again later.',
}

/** What anything that a command throws says to the user. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof ClientError)) {
    const { code, message, hint } = error instanceof Fault ? error : faultOf(error)
    return new Failure(code, message, { hint, exitCode: exitCodes.unusable })
  }
  const { code, message } = error
  const hint = ownHints[code] ?? error.hint
  return new Failure(code, message, { hint, exitCode: exitCodeOf(error) })
}

function exitCodeOf({ code, status }: ClientError): ExitCode {
  if (code === 'options_invalid') return exitCodes.unusable
  if (status === 401 || status === 403) return exitCodes.denied
  // The service has said nothing yet, or asks for patience.
  const isLater = status === undefined || status >= 500 || status === 429 || status === 408
  return isLater || code === 'unexpected_answer' ? exitCodes.later : exitCodes.no
}
