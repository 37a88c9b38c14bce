import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'

/** The public half of a key that exports are encrypted for, with what it is used for and its thumbprint as `kid`. */
export async function publicJwkOf(key: KeyObject): Promise<JWK> {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  const jwk = publicKey.export({ format: 'jwk' })
  const alg = jwk.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES'
  return { ...jwk, use: 'enc', alg, kid: await calculateJwkThumbprint(jwk) }
}
