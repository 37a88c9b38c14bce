import type { Disagreement } from './check-csrs.ts'

/** What a person needs to look into a disagreement: who, what, the spec as written and the CSR. */
export function describeDisagreements(disagreements: readonly Disagreement[]): string[] {
  return disagreements.map(({ by, what, csr }) => {
    const spec = JSON.stringify(csr.input)
    return `${by}: ${what}\n  spec ${spec}\n  csr ${csr.der.toString('base64')}`
  })
}
