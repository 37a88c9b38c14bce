/**
 * POST /tls/certificate_signing_requests: makes a CSR, with a key that is there already or with one that is made for it.
 *
 * No stock client can ask again, so the call is held until the CSR is there: 201. When that takes too long, or the caller
 * prefers not to wait, it is 202 with a job.
 */
import { type KeySpec, keyAlgorithms, type Spec } from '@csr-foundry/csr'
import { type NewRequest, readKey, readPolicy, type TenantPlace } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { readSettled } from '../../hold.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { submit } from '../../submit.ts'
import { answerCsr } from './answer-csr.ts'
import { type CsrOrder, csrBody } from './csr-body.ts'
import { document, requireDocument } from './json-api.ts'
import { holdOf } from './prefers-async.ts'
import { isOurId } from './resource-id.ts'
import { isAmong } from './sans.ts'

export const createCsr = (services: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('submit'),
    query(z.strictObject({})),
    requireDocument,
    document(csrBody),
    async (c) => {
      const place = c.get('place')
      const order = c.req.valid('json')
      const id = await submit(services, place, await toRequest(services, place, order))
      const record = await readSettled(services, c, id, holdOf(c, services.holdMs))
      return answerCsr(services, c, record, { created: true, warnings: warningsOf(order) })
    },
  )

async function toRequest(
  services: Services,
  place: TenantPlace,
  order: CsrOrder,
): Promise<NewRequest> {
  const spec = (key: KeySpec, custody: Spec['custody']): Spec => ({
    subject: order.subject.map((one) => [one]),
    subjectAltNames: order.sans,
    key,
    custody,
  })
  if (order.keyId === undefined) {
    const { defaultCustody } = await readPolicy(services.redis, place.tenant)
    // Fastly keeps a key until it is deleted by itself.
    return { spec: spec(keyOf(order.algorithm), defaultCustody), keepKey: true }
  }
  const { keyId } = order
  const key = isOurId(keyId) ? await readKey(services.redis, place, keyId) : undefined
  if (!key) throw new ServiceError('key_not_found')
  return { spec: spec(keyOf(key.algorithm), key.custody), keyId }
}

function keyOf(algorithm: KeySpec['algorithm']): KeySpec {
  const digest = keyAlgorithms[algorithm].defaultDigest
  return { algorithm, ...(digest !== undefined && { digest }) }
}

function warningsOf({ subject, sans }: CsrOrder): string[] {
  const commonName = subject.find(({ type }) => type === 'CN')?.value
  if (commonName === undefined || isAmong(commonName, sans)) return []
  return ['common_name is not one of the sans; clients that check names look at the sans alone.']
}
