import type { CsrErrorCode, FindingCode } from '@csr-foundry/csr'
import type { Mutate } from './compose-csr.ts'
import type { GoodName } from './good-csrs.ts'

/** One way of breaking one rule, and what lint has to say to it. */
export type Mutation = {
  /** What is wrong, as the end of a sentence. */
  broken: string
  /** The good CSR that is broken. */
  csr: GoodName
  mutate: Mutate
  /** The finding: it is there once, at the pointer. */
  code: FindingCode
  pointer: string
  /** What may be found as well, since it is wrong too. Anything more is a defect of lint. */
  also: readonly FindingCode[]
}

/** What is so far from a CSR that lint refuses it. */
export type Refusal = { broken: string; csr: GoodName; mutate: Mutate; refused: CsrErrorCode }

/** The rows of one section, by the rule that they break. */
export type Rows<Rule extends string> = Readonly<Record<Rule, readonly (Mutation | Refusal)[]>>

/** Things that a row may say beside its columns. */
export type Options = { csr?: GoodName; also?: readonly FindingCode[] }

/** A row: lint has to find the code at the pointer and nothing else. */
export function breaks(
  broken: string,
  mutate: Mutate,
  code: FindingCode,
  pointer: string,
  { csr = 'ecdsa', also = [] }: Options = {},
): Mutation {
  return { broken, csr, mutate, code, pointer, also }
}

/** A row: lint has to throw. */
export function ends(
  broken: string,
  mutate: Mutate,
  refused: CsrErrorCode,
  csr: GoodName = 'ecdsa',
): Refusal {
  return { broken, csr, mutate, refused }
}
