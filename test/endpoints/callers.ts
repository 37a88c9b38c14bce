import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Spec } from '@csr-foundry/csr'
import {
  completeLot,
  createRequests,
  installationKeys,
  type Role,
  startLot,
} from '@csr-foundry/records'
import { ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { place } from '../e2e/look.ts'
import { makeTenant } from '../e2e/make-tenant.ts'
import { jsonInit, type Service } from '../e2e/start-service.ts'
import type { Endpoint, Things } from './endpoint.ts'

/** A token of a tenant, and its id, for one who has these roles. */
export async function makeToken(
  service: Service,
  roles: readonly Role[],
  more: { authorization?: string; expires?: string } = {},
): Promise<{ id: string; authorization: string }> {
  const { authorization, ...rest } = more
  const body = { name: `t-${randomBytes(6).toString('hex')}`, roles, ...rest }
  const init = jsonInit('POST', body)
  const headers = { ...init.headers, ...(authorization && { authorization }) }
  const answer = await answerOf(service, '/v1/accounts/tokens', { ...init, headers }, 201)
  return { id: String(answer.id), authorization: `Bearer ${answer.token}` }
}

const aSpec: Spec = {
  subject: [[{ type: 'CN', value: 'x' }]],
  subjectAltNames: [],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
}

const makers: Record<keyof Things, (service: Service, redis: Redis) => Promise<string> | string> = {
  request: async (service) => {
    const init = jsonInit('POST', { subject: { commonName: 'a.example.com' } })
    const waiting = { ...init, headers: { ...init.headers, prefer: 'wait=20' } }
    return String((await answerOf(service, '/v1/requests', waiting, 201)).id)
  },
  failedRequest: async (_, redis) => {
    const requests = [{ spec: aSpec }]
    const made = await createRequests(redis, place, { requests, lane: 'fast', priority: 0 })
    const run = { shard: place.shard, lot: made.ticket?.lot ?? '', take: 'test' }
    await startLot(redis, run)
    const problem = toProblem(new ServiceError('csr_not_made'))
    await completeLot(redis, run, place.tenant, [{ id: made.firstId, state: 'failed', problem }])
    return made.firstId
  },
  batch: async (service) => {
    const init = jsonInit('POST', [{ subject: { commonName: 'a.example.com' } }])
    return String((await answerOf(service, '/v1/batches', init, 202)).id)
  },
  keptKey: async (service) => {
    const init = jsonInit('POST', { privateKey: newKey(), custody: 'exportable' })
    return String((await answerOf(service, '/v1/keys', init, 201)).id)
  },
  user: async (service) => {
    const name = newName()
    const init = jsonInit('POST', { name, password: 'correct horse battery', roles: ['read'] })
    await answerOf(service, '/v1/accounts/users', init, 201)
    return name
  },
  token: async (service) => (await makeToken(service, ['read'])).id,
  tenant: async (service) => {
    const name = newName()
    await makeTenant(service, name)
    return name
  },
  worker: async (_, redis) => {
    const [worker = ''] = await redis.zrange(installationKeys.workers, '0', '0')
    return worker
  },
  deadLot: async (_, redis) => {
    const requests = [{ spec: aSpec }]
    const made = await createRequests(redis, place, { requests, lane: 'fast', priority: 0 })
    const lot = made.ticket?.lot ?? ''
    for (const take of ['one', 'two', 'three']) {
      await startLot(redis, { shard: place.shard, lot, take })
    }
    return `0-${lot}`
  },
  newKey,
  newName,
}

/** Things of the tenant `default`: what one call of an endpoint is about is made, the rest never existed. */
export async function thingsFor(
  { about, method }: Pick<Endpoint, 'about'> & Partial<Pick<Endpoint, 'method'>>,
  service: Service,
  redis: Redis,
): Promise<Things> {
  if (!about) return nothing()
  const make = () => makers[about](service, redis)
  const stays = method !== undefined && method !== 'DELETE'
  // A password takes long to hash: one user and one tenant serve all calls that leave them there.
  if (stays && (about === 'user' || about === 'tenant')) {
    shared[about] ??= await make()
    return { ...nothing(), [about]: shared[about] }
  }
  return { ...nothing(), [about]: await make() }
}

const shared: { user?: string; tenant?: string } = {}

/** Names and ids of nothing that ever was. */
export const nothing = (): Things => ({
  request: '99999999',
  failedRequest: '99999999',
  batch: '99999999',
  keptKey: '99999999',
  user: 'nobody',
  token: '0123456789abcdef',
  tenant: 'nowhere',
  worker: 'nowhere:1',
  deadLot: '0-99999999',
  newKey: newKey(),
  newName: newName(),
})

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function newName(): string {
  return `n-${randomBytes(6).toString('hex')}`
}

async function answerOf(
  service: Service,
  path: string,
  init: RequestInit,
  status: number,
): Promise<Record<string, unknown>> {
  const response = await service.call(path, init)
  const text = await response.text()
  if (response.status !== status) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}
