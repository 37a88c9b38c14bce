/**
 * POST /v1/requests: records a request for a CSR. 202 and where to ask for it; with `Prefer: wait=n` 201 and the CSR, if it
 * is ready in time. What the spec leaves out of key and custody stands in the tenant's policy.
 */
import {
  type KeyReference,
  type ParsedSpec,
  parseSpec,
  type SpecFault,
  withKey,
} from '@csr-foundry/csr'
import { type NewRequest, readKey, readPolicy, type TenantPlace } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { readSettled } from '../../hold.ts'
import { query, requireJson } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { submit } from '../../submit.ts'
import { keyNotFound } from './key-view.ts'
import { applyWait } from './prefer-wait.ts'
import { requestNotFound, requestView } from './request-view.ts'
import { secondsToWait } from './seconds-to-wait.ts'

const mostNames = 250

export const createRequest = (services: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('submit'),
    query(z.strictObject({})),
    requireJson,
    async (c) => {
      const place = c.get('place')
      const request = await toRequest(services.redis, place, await c.req.json())
      const id = await submit(services, place, request)
      const record = await readSettled(services, c, id, applyWait(c) ?? 0)
      if (!record) throw requestNotFound(id)
      const seconds = await secondsToWait(services, place, record)
      if (seconds !== undefined) c.header('Retry-After', String(seconds))
      const view = requestView(record)
      c.header('Location', view.links.self)
      return c.json(view, record.state === 'ready' ? 201 : 202)
    },
  )

async function toRequest(redis: Redis, place: TenantPlace, body: unknown): Promise<NewRequest> {
  const { defaultKey, defaultCustody } = await readPolicy(redis, place.tenant)
  const parsed = parseSpec(body, { key: { algorithm: defaultKey }, custody: defaultCustody })
  const tooMany = tooManyNames(body)
  if (!parsed.ok) throw invalid([...parsed.faults, ...tooMany])
  if (tooMany.length > 0) throw invalid(tooMany)
  const { key, ...rest } = parsed.spec
  if ('id' in key) return signedBy(redis, place, { ...rest, key }, 'custody' in Object(body))
  return { spec: { ...rest, key } }
}

/** A request that a key signs which is there already. It has a custody, which the request may repeat. */
async function signedBy(
  redis: Redis,
  place: TenantPlace,
  spec: ParsedSpec & { key: KeyReference },
  namesCustody: boolean,
): Promise<NewRequest> {
  const { id } = spec.key
  const key = await readKey(redis, place, id)
  if (!key) throw keyNotFound(id)
  const { algorithm, custody } = key
  const whole = withKey({ ...spec, custody }, { algorithm })
  const faults = whole.ok ? [] : whole.faults
  if (namesCustody && spec.custody !== custody) {
    const detail = `is ${spec.custody}; the key ${id} is ${custody}: leave it out`
    faults.push({ pointer: '/custody', detail })
  }
  if (!whole.ok || faults.length > 0) throw invalid(faults)
  return { spec: whole.spec, keyId: id }
}

function tooManyNames(body: unknown): SpecFault[] {
  const { subjectAltNames: names } = Object(body) as { subjectAltNames?: unknown }
  if (!Array.isArray(names) || names.length <= mostNames) return []
  const detail = `has ${names.length} names; at most ${mostNames} are allowed`
  return [{ pointer: '/subjectAltNames', detail }]
}

const invalid = (faults: readonly SpecFault[]) => new ServiceError('attribute_invalid', { faults })
