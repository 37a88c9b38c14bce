import { CsrError, type Finding, type LintOptions, lintCsr } from '@csr-foundry/csr'
import { Fault, type FaultCode, faultKinds, faultOf } from './fault.ts'
import { readInput } from './read-input.ts'

/** What lint says about one file. `--json` prints an array of these: scripts rely on the shape. */
export type LintedFile = {
  /** As it was named on the command line. */
  file: string
  /** Errors first; none where there is an `error`. */
  findings: Finding[]
  /** Only where nothing can be said about the file. */
  error?: { code: FaultCode; message: string; hint: string }
}

/** Reads a file, PEM or DER, and looks at the CSR in it. Never throws: what went wrong is in the result. */
export async function lintFile(file: string, options: LintOptions): Promise<LintedFile> {
  try {
    return { file, findings: lintCsr(await readInput(file), options).findings }
  } catch (error) {
    const { code, message, hint } = faultOfCsr(error)
    return { file, findings: [], error: { code, message, hint } }
  }
}

/** What is no CSR at all says so by codes that are faults of a file too. */
function faultOfCsr(error: unknown): Fault {
  const isNone = error instanceof CsrError && isFaultCode(error.code)
  return isNone ? new Fault(error.code as FaultCode, error) : faultOf(error)
}

const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(faultKinds, code)
