import { retryFailuresBody } from '@csr-foundry/native-api'
import { InvalidArgumentError } from 'commander'

const { code } = retryFailuresBody.shape

/** The code of a failure. */
export type FailureCode = (typeof code)['_output']

/** `from`: the command that shows codes. */
export const codeParser =
  (from: string) =>
  (value: string): FailureCode => {
    const parsed = code.safeParse(value)
    if (parsed.success) return parsed.data
    throw new InvalidArgumentError(`It is a code, as ${from} shows it.`)
  }
