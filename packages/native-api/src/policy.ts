import { z } from 'zod'
import { keyAlgorithmNames } from './key-algorithm-names.ts'
import { custody } from './keys.ts'

const specNames = ['DEFAULT', 'CNSA'] as const

/**
 * What stands where a call says nothing. `lxcaSpec`: LXCA's certificate policy (DEFAULT is RSA 2048 with SHA-256, CNSA RSA
 * 3072 with SHA-384); `defaultKey`: the key algorithm of the native API.
 */
export const policyView = z
  .object({
    defaultCustody: custody,
    lxcaSpec: z.enum(specNames, `must be one of ${specNames.join(', ')}`),
    defaultKey: z.enum(keyAlgorithmNames, `must be one of ${keyAlgorithmNames.join(', ')}`),
  })
  .meta({ id: 'Policy' })
export type PolicyView = z.output<typeof policyView>

/** PUT /v1/policy: the whole policy. */
export const policyChange = z.strictObject(policyView.shape).meta({ id: 'PolicyChange' })
