import { idSchema } from '@csr-foundry/native-api'
import { InvalidArgumentError } from 'commander'

/** The id of a request or a key, as the service gives it. */
export function parseId(value: string): string {
  if (idSchema.safeParse(value).success) return value
  throw new InvalidArgumentError('It is a whole number from 1 on.')
}

/** Several of them: commander gives what it has so far. */
export const parseIds = (value: string, others: readonly string[] = []): string[] => [
  ...others,
  parseId(value),
]
