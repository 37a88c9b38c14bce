import { type DerFindingCode, derFindings } from './der/der-findings.ts'
import type { DerReport } from './der/der-reader.ts'
import { CsrError } from './errors.ts'
import type { Report } from './lint/finding.ts'
import type { StructureFindingCode } from './structure-findings.ts'

/** Codes of what reading finds. */
export type ReadFindingCode = StructureFindingCode | DerFindingCode

/**
 * How strictly something is read. Faults that leave the rest readable are reported; what cannot
 * be read at all is thrown, and `attempt` decides what then happens.
 */
export type Reading = {
  report: Report<ReadFindingCode>
  /** What takes the faults of an encoding at a place. */
  at: (pointer: string) => DerReport
  /** Called for each attribute, name and extension: throws `CsrError` (too_large) beyond a bound. */
  countItem: () => void
  /** Runs a reader; what it throws is either thrown on or reported, and `otherwise` taken. */
  attempt: <T>(code: ReadFindingCode, pointer: string, read: () => T, otherwise: T) => T
}

/** The first fault ends it: throws `CsrError` with the place as its pointer. */
export function strictly(): Reading {
  const report: Reading['report'] = (code, pointer, message) => {
    const kind = code in derFindings ? 'malformed_der' : 'malformed_csr'
    throw new CsrError(kind, message, { pointer })
  }
  return {
    report,
    at: placed(report),
    countItem: itemCounter(),
    attempt: (_code, pointer, read) => {
      try {
        return read()
      } catch (error) {
        throw error instanceof CsrError ? error.at(pointer) : error
      }
    },
  }
}

/**
 * Reads on as far as it goes; every fault is reported. What is too large is thrown all the same.
 *
 * @param isEnough asked before each part: the rest is passed over once it is so
 */
export function tolerantly(report: Reading['report'], isEnough: () => boolean): Reading {
  return {
    report,
    at: placed(report),
    countItem: itemCounter(),
    attempt: (code, pointer, read, otherwise) => {
      if (isEnough()) return otherwise
      try {
        return read()
      } catch (error) {
        if (!(error instanceof CsrError) || error.code === 'too_large') throw error
        report(codeOf(error, code), error.pointer ?? pointer, error.message)
        return otherwise
      }
    },
  }
}

function placed(report: Reading['report']): Reading['at'] {
  return (pointer) => (code, message) => report(code, pointer, message)
}

// A thousand names and as many attributes of names, which is more than a spec can ask for.
const mostItems = 2500

function itemCounter(): () => void {
  let left = mostItems
  return () => {
    if (--left >= 0) return
    const message = `The CSR has more than ${mostItems} attributes, names and extensions; at most ${mostItems} are read.`
    throw new CsrError('too_large', message)
  }
}

function codeOf({ code }: CsrError, otherwise: ReadFindingCode): ReadFindingCode {
  return code === 'malformed_der' ? 'der_malformed' : otherwise
}
