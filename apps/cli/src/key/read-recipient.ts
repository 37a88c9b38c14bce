import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'

/**
 * The public JWK of who opens exports. A private key that is given by mistake goes nowhere.
 *
 * @throws Failure no_recipient
 */
export async function readRecipient(file: string): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readNamed(file, { maxBytes: 64 * 1024, what: 'recipient' })
  const jwk = parse(bytes.toString('utf8'))
  if (jwk === undefined) throw Failure.of('no_recipient', `There is no JWK in ${placeOf(file)}.`)
  if ('d' in jwk || 'k' in jwk) {
    throw Failure.of('no_recipient', `There is a private key in ${placeOf(file)}; it was not sent.`)
  }
  return jwk
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isJwk = typeof value === 'object' && value !== null && 'kty' in value
    return isJwk ? { ...value } : undefined
  } catch {
    return undefined
  }
}
