import type { KeyAlgorithmName, PrivateKeyFault } from '@csr-foundry/csr'
import { type Fault, ServiceError } from '@csr-foundry/service'

/** Where, in the body that a dialect has parsed, the key and its password were. */
export type UploadPointers = { readonly key: string; readonly password: string }

const ofThePassword: ReadonlySet<PrivateKeyFault['code']> = new Set([
  'password_needed',
  'wrong_password',
])

/** What is wrong with a key, each fault at its place. */
export const faultyKey = (faults: readonly PrivateKeyFault[], pointers: UploadPointers) =>
  invalid(
    faults.map(({ code, message }) => ({
      pointer: ofThePassword.has(code) ? pointers.password : pointers.key,
      detail: message,
    })),
  )

export const keyNotAccepted = (
  algorithm: KeyAlgorithmName,
  accepted: readonly KeyAlgorithmName[],
  { key: pointer }: UploadPointers,
) =>
  invalid([
    { pointer, detail: `The key is of the algorithm ${algorithm}; use ${accepted.join(', ')}.` },
  ])

export const slowKey = ({ key: pointer }: UploadPointers) =>
  invalid([
    {
      pointer,
      detail:
        'The key takes too long to open; encrypt it with fewer rounds, or try again when less is going on.',
    },
  ])

const invalid = (faults: readonly Fault[]) => new ServiceError('attribute_invalid', { faults })
