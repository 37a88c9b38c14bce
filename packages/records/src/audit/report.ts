/** What a verification of an audit says. */
import type { ChainPoint } from './chain.ts'

/** What can be found, each with what it means for who reads it. */
export const auditFindings = {
  changed: 'An entry does not say what it said when it was sealed.',
  moved: 'An entry lies where another was sealed, or where none was.',
  removed: 'Sealed entries are gone from between others.',
  added: 'An entry lies among sealed ones and was not there when they were sealed.',
  cut: 'The last sealed entries are gone.',
  start_cut: 'The first entries are gone, and the seals that covered them.',
  not_sealed:
    'Entries are older than a minute and not sealed: sealing stands still, or seals are gone.',
  seal_not_authentic: 'A seal was not made with the audit key: whoever wrote it does not have it.',
  seal_mismatch:
    'A seal is authentic, and what lies with it or before it is not what it was made over.',
  seals_missing: 'Seals are gone.',
  held_seal_not_authentic:
    'The seal that you hold is none of this tenant, made with an audit key that is here.',
  held_seal_ahead: 'Up to the seal that you hold there were more entries than there are now.',
  held_seal_mismatch:
    'Up to the seal that you hold the audit is another than it was when that seal was made.',
} as const

export type AuditFindingKind = keyof typeof auditFindings

/** One finding with its place. Ids are those of entries, but for `seal`. */
export type AuditFinding = {
  readonly kind: AuditFindingKind
  /** The entry that it is about, or the first of several. */
  readonly entry?: string | undefined
  /** The last of several. */
  readonly to?: string | undefined
  /** Of an entry that was moved: the place where it was sealed. */
  readonly from?: string | undefined
  /** The entries between which it is; without `after` from the beginning on, without `before` up to the end. */
  readonly after?: string | undefined
  readonly before?: string | undefined
  /** How many entries it is about, where they are several. */
  readonly count?: number | undefined
  /** The place of the seal in the stream of seals. */
  readonly seal?: string | undefined
  /** What it means, in a sentence with the place in it. */
  readonly detail: string
}

/** What became of the seal that the caller holds; `too_old`: retention has let go of what it covers. */
export type HeldSealState = 'none' | 'matches' | 'too_old' | 'differs' | 'not_authentic'

export type AuditReport = {
  readonly tenant: string
  /** Entries that lie in the stream, and how many of them the seals do and do not cover. */
  readonly entries: number
  readonly sealed: number
  readonly unsealed: number
  /** Where the audit begins: `count` entries up to `last` were let go after AUDIT_RETENTION_DAYS. */
  readonly from: ChainPoint
  /** The text of the newest authentic seal: the one to hold from now on. */
  readonly newest: string | null
  readonly held: HeldSealState
  /** How many there are; the first 100 are told. */
  readonly found: number
  readonly findings: readonly AuditFinding[]
}
