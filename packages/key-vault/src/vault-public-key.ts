import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { calculateJwkThumbprint } from 'jose'

/** The public half of the vault's key pair as a JWK (RFC 7517). `kid` is its thumbprint (RFC 7638), so it names this key only. */
export type VaultPublicKey = {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
}

/** Of whatever is given as a JWK; undefined where it is not a whole key of the vault's kind with its own `kid`. */
export async function asVaultPublicKey(given: unknown): Promise<VaultPublicKey | undefined> {
  const { kty, crv, x, y, kid } = (given ?? {}) as Record<string, unknown>
  if (kty !== 'EC' || crv !== 'P-256') return undefined
  if (typeof x !== 'string' || typeof y !== 'string' || typeof kid !== 'string') return undefined
  const key = { kty, crv, x, y } as const
  return (await calculateJwkThumbprint(key)) === kid ? { ...key, kid } : undefined
}

/** From JSON, as Redis and the file of the public key hold it. */
export async function parseVaultPublicKey(text: string): Promise<VaultPublicKey | undefined> {
  try {
    return await asVaultPublicKey(JSON.parse(text))
  } catch {
    return undefined
  }
}

/**
 * What Redis shows as the vault's current public key. Whoever writes to Redis can put a key of his own there, so it is good
 * for comparing and never for sealing.
 */
export async function readShownPublicKey(redis: Redis): Promise<VaultPublicKey | undefined> {
  const kid = await redis.hget(installationKeys.masters, 'vaultKey')
  const text = kid && (await redis.hget(installationKeys.vaultKey(kid), 'public'))
  const key = text ? await parseVaultPublicKey(text) : undefined
  return key?.kid === kid ? key : undefined
}
