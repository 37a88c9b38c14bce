import type { Fault } from '@csr-foundry/service'

type FaultCode = NonNullable<Fault['code']>

/** What the codes of single faults mean, and what to do; the statuses are those of the whole answer. */
export const faultKinds: Readonly<
  Record<FaultCode, { readonly title: string; readonly recovery: string }>
> = {
  attribute_unknown: {
    title: 'The body has an attribute that this operation does not know.',
    recovery: 'Correct its name, or leave it out.',
  },
  sans_required: {
    title: 'The body has no subject alternative names.',
    recovery: 'Name at least one host name or public IP address in sans.',
  },
  key_type_not_allowed: {
    title: 'There is no such type of key.',
    recovery: 'Use a key_type that the message names, or leave it out.',
  },
  key_and_key_type: {
    title: 'The body names a private key and a type of key.',
    recovery: 'Leave out key_type to use the key, or the key to have one made.',
  },
}
