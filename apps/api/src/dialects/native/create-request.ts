/**
 * POST /v1/requests: records a request for a CSR. 202 and where to ask for it; with `Prefer: wait=n` 201 and the CSR, if it
 * is ready in time. What the spec leaves out of key and custody stands in the tenant's policy.
 */
import {
  type KeyReference,
  type ParsedSpec,
  parseSpec,
  type SpecFault,
  specSchema,
} from '@csr-foundry/csr'
import { requestView } from '@csr-foundry/native-api'
import { type OpenTenant, readKey, type TenantPlace } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import type { Redis } from 'ioredis'
import { readSubmitted } from '../../hold.ts'
import { jsonOf, unparsedJsonOf } from '../../json-input.ts'
import { keyNotFound } from '../../key-errors.ts'
import { tooManyNames } from '../../most-names.ts'
import { operation } from '../../operation.ts'
import { heedWait } from '../../prefer.ts'
import type { Env, Services } from '../../services.ts'
import { type Submission, submit } from '../../submit.ts'
import { answerRequest } from './answer-request.ts'
import { queuedRequest, readyRequest } from './examples.ts'
import { requestNotFound } from './request-view.ts'
import { signedByKey } from './signed-by-key.ts'

const keyPointer = '/key/id'

const examples = {
  'A server with two names': {
    subject: { commonName: 'edge-1.example.com', organization: 'ACME', country: 'US' },
    subjectAltNames: [
      { type: 'dns', value: 'edge-1.example.com' },
      { type: 'ip', value: '192.0.2.10' },
    ],
  },
  'All that can be said': {
    ref: 'rack-12/slot-3',
    subject: [
      { type: 'O', value: 'ACME' },
      { type: 'CN', value: 'edge-2.example.com' },
    ],
    subjectAltNames: [{ type: 'dns', value: 'edge-2.example.com' }],
    key: { algorithm: 'rsa-2048', digest: 'sha256' },
    custody: 'exportable',
    extensions: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth'] },
    attributes: { challengePassword: 'only-an-example' },
  },
}

export const createRequest = (services: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createRequest', {
      summary: 'Ask for a CSR',
      description:
        'With `Prefer: wait=n` the call waits for the CSR. What is left out of `key` and `custody` stands in the policy.',
      role: 'submit',
      headers: ['Prefer: wait', 'Idempotency-Key'],
      body: unparsedJsonOf(specSchema, examples),
      answers: {
        201: {
          description: 'The CSR is ready.',
          headers: ['Location'],
          body: jsonOf(requestView, { 'A request that is ready': readyRequest }),
        },
        202: {
          description: 'The request is recorded; ask again at `Location`.',
          headers: ['Location', 'Retry-After'],
          body: jsonOf(requestView, { 'A queued request': queuedRequest }),
        },
      },
      errors: ['key_not_found', 'queue_full', 'idempotency_key_reused', 'request_gone'],
    }),
    async (c) => {
      const request = await toRequest(services.redis, c.get('place'), await c.req.json())
      const submitted = await submit(services, c, request)
      const record = await readSubmitted(services, c, submitted, heedWait(c) ?? 0)
      if (!record) throw requestNotFound(submitted.id)
      return await answerRequest(services, c, record, record.state === 'ready' ? 201 : 202)
    },
  )

async function toRequest(redis: Redis, place: OpenTenant, body: unknown): Promise<Submission> {
  const { defaultKey, defaultCustody } = place.policy
  const { read, tooMany } = countNames(body)
  const parsed = parseSpec(read, { key: { algorithm: defaultKey }, custody: defaultCustody })
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
): Promise<Submission> {
  const { id } = spec.key
  const key = await readKey(redis, place, id)
  if (!key) throw keyNotFound(id, keyPointer)
  const whole = signedByKey(spec, key, { namesCustody })
  if (!whole.ok) throw invalid(whole.faults)
  return { spec: whole.spec, keyId: id, keyPointer }
}

/** Names cost time to read, so their number comes first: of too many only the first is read, with all that is beside them. */
function countNames(body: unknown): { read: unknown; tooMany: SpecFault[] } {
  const { subjectAltNames: names } = Object(body) as { subjectAltNames?: unknown }
  const detail = Array.isArray(names) ? tooManyNames(names.length) : undefined
  if (!Array.isArray(names) || detail === undefined) return { read: body, tooMany: [] }
  const read = { ...Object(body), subjectAltNames: names.slice(0, 1) }
  return { read, tooMany: [{ pointer: '/subjectAltNames', detail }] }
}

const invalid = (faults: readonly SpecFault[]) => new ServiceError('attribute_invalid', { faults })
