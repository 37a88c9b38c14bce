import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { KeyView } from '@csr-foundry/native-api'
import { howMany } from '@csr-foundry/testing/how-many'
import { expect } from 'vitest'
import { redisUrlOf } from '../look.ts'
import type { ProbedApi } from '../start-probed-api.ts'
import { authorization, callerOf, jsonInit } from '../start-service.ts'
import { watchRedis } from '../watch-redis.ts'
import { service } from './service.ts'

/** A private key in every form in which it could lie somewhere, in pieces that need not be whole. */
function piecesOf(key: KeyObject): Buffer[] {
  const jwk = key.export({ format: 'jwk' })
  const number = Buffer.from(String(jwk.d), 'base64url')
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
  const forms = (['base64', 'base64url', 'hex'] as const).flatMap((form) => [
    number.toString(form).slice(4, 36),
    pkcs8.toString(form).slice(-48, -8),
  ])
  return [number.subarray(2, 30), ...forms.map((text) => Buffer.from(text, 'latin1'))]
}

export const exportCount = howMany(100, 1_000)

/** Has keys exported by this process of the API; gives what nobody may see of them, and what Redis was told meanwhile. */
export async function exportMany(api: ProbedApi): Promise<{ secrets: Buffer[]; told: Buffer }> {
  const { call } = callerOf(api.url, authorization)
  const keys = Array.from(
    { length: 10 },
    () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  )
  const ids: string[] = []
  for (const key of keys) {
    const privateKey = key.export({ format: 'pem', type: 'pkcs8' })
    // By another process of the API: this one is to know nothing of them but their exports.
    const init = jsonInit('POST', { privateKey, custody: 'exportable' })
    ids.push(((await (await service.call('/v1/keys', init)).json()) as KeyView).id)
  }
  const recipient = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })
  const passwords = Array.from({ length: 4 }, (_, i) => `password ${i} of an export in a test`)
  await using watch = await watchRedis(redisUrlOf(service))

  let next = 0
  const statuses: number[] = []
  const exportAll = async () => {
    for (let i = next++; i < exportCount; i = next++) {
      const under = i % 50 === 0 ? passwords[i / 50] : undefined
      const to = under === undefined ? { recipient } : { password: under }
      const response = await call(`/v1/keys/${ids[i % ids.length]}/export`, jsonInit('POST', to))
      await response.text()
      statuses.push(response.status)
    }
  }
  await Promise.all(Array.from({ length: 16 }, exportAll))
  expect(statuses).toHaveLength(exportCount)
  expect([...new Set(statuses)]).toEqual([200])

  const told = await watch.all()
  // The watch works: it has seen what the exports did, also in its binary parts.
  expect(told.includes('finish-errand') || told.includes('"jwe')).toBe(true)
  const secrets = [...keys.flatMap(piecesOf), ...passwords.map((one) => Buffer.from(one))]
  return { secrets, told }
}
