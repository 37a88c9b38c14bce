import type { KeyAlgorithm } from '@csr-foundry/csr'

/** A queue by the cost of its work, as the table of key algorithms names it. */
export type Lane = KeyAlgorithm['lane']
