import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@csr-foundry/service'

/** RFC 7914. 32 MiB and about 80 ms of one core for each guess. */
const cost = { N: 2 ** 15, r: 8, p: 1 } as const
const maxmem = 64 * 1024 * 1024
const keyLength = 32

const derive = (password: string, salt: Buffer, options: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, keyLength, { ...options, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

/** `scrypt$N$r$p$salt$hash`, the last two in base64url: what is needed to verify it travels with it. */
export async function hashPassword(password: Secret): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password.reveal(), salt, cost)
  const parameters = [
    cost.N,
    cost.r,
    cost.p,
    salt.toString('base64url'),
    hash.toString('base64url'),
  ]
  return `scrypt$${parameters.join('$')}`
}

const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$AAAAAAAAAAAAAAAAAAAAAA$${Buffer.alloc(keyLength).toString('base64url')}`

/** Whether a password is the one that was hashed; false, after the same work, where there is no hash. */
export async function verifyPassword(password: Secret, stored: string = nobody): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$')
  const expected = Buffer.from(hash, 'base64url')
  const options = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password.reveal(), Buffer.from(salt, 'base64url'), options)
  return timingSafeEqual(derived, expected) && stored !== nobody
}
