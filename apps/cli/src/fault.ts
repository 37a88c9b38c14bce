/** What keeps a file from being looked at; the page docs/cli.md is held to it. */
export const faultKinds = {
  file_missing: {
    message: 'There is no such file.',
    hint: 'Check its name and the folder that it should be in.',
  },
  file_forbidden: {
    message: 'You may not read it.',
    hint: 'Ask its owner for permission.',
  },
  file_is_folder: {
    message: 'It is a folder.',
    hint: 'Name the files in it, as in folder/*.pem.',
  },
  file_too_large: {
    message: 'It has more than 1 MiB, as no CSR has.',
    hint: 'Check that it is the file you mean.',
  },
  file_empty: {
    message: 'It is empty.',
    hint: 'Check what should have written it.',
  },
  file_unreadable: {
    message: 'It cannot be read.',
    hint: 'Check the file and the disk that it is on.',
  },
  malformed_pem: {
    message: 'There is no CSR in its PEM.',
    hint: 'Give a CSR in PEM, labelled CERTIFICATE REQUEST, or in DER.',
  },
  malformed_der: {
    message: 'It is not DER.',
    hint: 'Check that it arrived whole; give a CSR in PEM or in DER.',
  },
  malformed_csr: {
    message: 'It is DER, but no CSR.',
    hint: 'Give a CSR in PEM, labelled CERTIFICATE REQUEST, or in DER.',
  },
  too_large: {
    message: 'It has more than a CSR can have.',
    hint: 'Ask for fewer names; 1,000 are read.',
  },
  bug: {
    message: 'csrctl has a bug.',
    hint: 'Please report it, with the file if you may.',
  },
} as const

/** Codes of all that: ours, and those of what is no CSR at all. */
export type FaultCode = keyof typeof faultKinds

const codesOfErrno: Readonly<Record<string, FaultCode>> = {
  ENOENT: 'file_missing',
  ENOTDIR: 'file_missing',
  EACCES: 'file_forbidden',
  EPERM: 'file_forbidden',
  EISDIR: 'file_is_folder',
}

/** Why nothing can be said about a file, and what to do about it. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  /** What to do next: a sentence. */
  readonly hint: string

  constructor(kind: FaultCode, error?: { message: string }) {
    super(error?.message ?? faultKinds[kind].message, { cause: error })
    this.code = kind
    this.hint = faultKinds[kind].hint
  }
}

/** What anything that reading a file throws says to the user. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  if (!isErrno(error)) return new Fault('bug', { message: `csrctl has a bug: ${error}.` })
  const kind = codesOfErrno[error.code]
  if (kind !== undefined) return new Fault(kind)
  return new Fault('file_unreadable', { message: `It cannot be read (${error.code}).` })
}

function isErrno(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error
}
