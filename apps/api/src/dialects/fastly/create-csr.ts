/**
 * POST /tls/certificate_signing_requests: makes a CSR, with a key that is there already or with one that is made for it.
 *
 * No stock client can ask again, so the call is held until the CSR is there: 201. When that takes too long, or the caller
 * prefers not to wait, it is 202 with a job.
 */
import { type KeySpec, keyAlgorithms, type Spec } from '@csr-foundry/csr'
import { type OpenTenant, readKey } from '@csr-foundry/records'
import { Hono } from 'hono'
import { readSubmitted } from '../../hold.ts'
import { keyNotFound } from '../../key-errors.ts'
import { operation } from '../../operation.ts'
import { heedWaitOrAsync } from '../../prefer.ts'
import type { Env, Services } from '../../services.ts'
import { type Submission, submit } from '../../submit.ts'
import { answerCsr, csrDocumentView, jobDocumentView } from './answer-csr.ts'
import { type CsrSpec, csrBody } from './csr-body.ts'
import { exampleCsr, exampleJob } from './examples.ts'
import { documentOf, jsonApiOf } from './json-api.ts'
import { isOurId } from './resource-id.ts'
import { isAmong } from './sans.ts'

const examples = {
  'A new key': {
    data: {
      type: 'csr',
      attributes: {
        ...{ sans: ['www.example.com'], common_name: 'www.example.com' },
        ...{ country: 'US', organization: 'ACME', key_type: 'ECDSA256' },
      },
    },
  },
  'A key that is there': {
    data: {
      type: 'csr',
      attributes: { sans: ['www.example.com', '*.example.com'] },
      relationships: { tls_private_key: { data: { type: 'tls_private_key', id: '1' } } },
    },
  },
}

export const createCsr = (services: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createCsr', {
      summary: 'Ask for a CSR',
      description:
        'With a key that is there already, or with one that is made for it. The call is held until the CSR is there.',
      role: 'submit',
      headers: ['Prefer: wait or respond-async', 'Idempotency-Key'],
      body: documentOf(csrBody, examples),
      answers: {
        201: {
          description: 'The CSR is made.',
          headers: ['Location'],
          body: jsonApiOf(csrDocumentView, { 'A CSR': exampleCsr }),
        },
        202: {
          description: 'It takes longer: ask the job at `Content-Location`.',
          headers: ['Content-Location', 'Retry-After'],
          body: jsonApiOf(jobDocumentView, { 'A job': exampleJob }),
        },
      },
      errors: [
        ...(['key_not_found', 'queue_full', 'path_not_found', 'request_cancelled'] as const),
        ...(['csr_not_made', 'worker_died', 'idempotency_key_reused', 'request_gone'] as const),
      ],
      faults: ['attribute_unknown', 'sans_required', 'key_type_not_allowed', 'key_and_key_type'],
    }),
    async (c) => {
      const asked = c.req.valid('json')
      const request = await toRequest(services, c.get('place'), asked)
      const submitted = await submit(services, c, request)
      const milliseconds = heedWaitOrAsync(c) ?? services.holdMs
      const record = await readSubmitted(services, c, submitted, milliseconds)
      return answerCsr(services, c, record, { created: true, warnings: warningsOf(asked) })
    },
  )

async function toRequest(
  services: Services,
  place: OpenTenant,
  asked: CsrSpec,
): Promise<Submission> {
  const spec = (key: KeySpec, custody: Spec['custody']): Spec => ({
    subject: asked.subject.map((one) => [one]),
    subjectAltNames: asked.sans,
    key,
    custody,
  })
  if (asked.keyId === undefined) {
    // Fastly keeps a key until it is deleted by itself.
    return { spec: spec(keyOf(asked.algorithm), place.policy.defaultCustody), keepKey: true }
  }
  const { keyId, keyPointer } = asked
  const key = isOurId(keyId) ? await readKey(services.redis, place, keyId) : undefined
  if (!key) throw keyNotFound(keyId, keyPointer)
  return { spec: spec(keyOf(key.algorithm), key.custody), keyId, keyPointer }
}

function keyOf(algorithm: KeySpec['algorithm']): KeySpec {
  const digest = keyAlgorithms[algorithm].defaultDigest
  return { algorithm, ...(digest !== undefined && { digest }) }
}

function warningsOf({ subject, sans }: CsrSpec): string[] {
  const commonName = subject.find(({ type }) => type === 'CN')?.value
  if (commonName === undefined || isAmong(commonName, sans)) return []
  return ['common_name is not one of the sans; clients that check names look at the sans alone.']
}
