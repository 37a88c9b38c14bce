import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromPem, readCsr } from '@csr-foundry/csr'
import { openVault } from '@csr-foundry/key-vault'
import {
  type ActingPlace,
  connected,
  connectRedis,
  installationActor,
  shardTag,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { Caller, Service } from './start-service.ts'

export const place: ActingPlace = {
  tenant: 'default',
  shard: shardTag(0),
  actor: installationActor,
}

/** A connection to the Redis of a service, for looking behind it. */
export async function lookInto(redisUrl: string): Promise<Redis & AsyncDisposable> {
  const redis = connectRedis(redisUrl, 'work', { onError: () => {} })
  await connected(redis, 5_000)
  return Object.assign(redis, {
    [Symbol.asyncDispose]: async () => {
      redis.disconnect()
    },
  })
}

/** Where the Redis is that the service keeps itself. */
export function redisUrlOf({ dataDir }: Service): string {
  const conf = readFileSync(join(dataDir, 'redis/redis.conf'), 'utf8')
  const setting = (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(conf)?.[1]
  return `redis://:${setting('requirepass')}@127.0.0.1:${setting('port')}`
}

/** Asks for the CSR until it is there; the service holds each call. */
export async function csrOf(caller: Caller, path: string): Promise<string> {
  const latest = Date.now() + 40_000
  while (Date.now() < latest) {
    const response = await caller
      .call(`/certificateSigningRequest?path=${path}`)
      .catch(() => undefined)
    if (response?.status === 200) return await response.text()
    const text = await response?.text()
    if (response && response.status !== 202 && response.status !== 503) {
      throw new Error(`path ${path}: ${response.status} ${text}`)
    }
    if (response?.status !== 202) await new Promise((wake) => setTimeout(wake, 250))
  }
  throw new Error(`path ${path} never became ready`)
}

/** Opens the sealed key of a path with the vault and holds it against its CSR; gives the PKCS#8. */
export async function openKeyOf(
  redis: Redis,
  masterKeyFile: string,
  path: string,
  pem: string,
): Promise<Buffer> {
  const vault = await openVault(redis, masterKeyFile)
  const record = await redis.hgetallBuffer(`{s10}:t:default:key:${path}`)
  const { spki, sealed, custody } = record
  if (!spki || !sealed || !custody) throw new Error(`There is no key ${path}.`)
  const owner = { place, keyId: path, spki, custody: custody.toString() }
  const pkcs8 = await vault.open(sealed, owner)
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const derived = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  if (!derived.equals(readCsr(fromPem(pem)).spki))
    throw new Error(`The key ${path} is not its CSR's.`)
  return pkcs8
}

/** OpenSSL's text of a CSR whose signature it has verified. Its exit code is 0 for a wrong one as well. */
export function opensslText(pem: string): string {
  const { stdout, stderr } = spawnSync(
    'openssl',
    ['req', '-verify', '-noout', '-text', '-nameopt', 'RFC2253,-dn_rev,show_type'],
    { input: pem, encoding: 'utf8' },
  )
  if (!/verify OK/.test(stdout + stderr)) throw new Error(`OpenSSL refuses the CSR: ${stderr}`)
  return stdout
}
