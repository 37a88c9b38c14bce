/** What the OpenAPI document shows as answers of Fastly's API. */
import type { z } from 'zod'
import { exampleCsr as pem } from '../../openapi/example-texts.ts'
import type { csrDocumentView, jobDocumentView } from './answer-csr.ts'
import type { privateKeyDocumentView } from './private-key-resource.ts'

const created_at = '2030-01-31T12:00:00.371Z'

export const exampleCsr = {
  data: {
    id: '1',
    type: 'csr',
    attributes: { content: pem },
    relationships: { tls_private_key: { data: { type: 'tls_private_key', id: '1' } } },
  },
} satisfies z.output<typeof csrDocumentView>

export const exampleJob = {
  data: {
    id: '1',
    type: 'csr_jobs',
    attributes: { status: 'queued', created_at, retry_after: 3 },
  },
} satisfies z.output<typeof jobDocumentView>

export const examplePrivateKeyDocument = {
  data: {
    id: '1',
    type: 'tls_private_key',
    attributes: {
      key_type: 'EC',
      key_length: 256,
      name: 'the test key of RFC 9500',
      created_at,
      replace: false,
      public_key_sha1: '19aac9b80229867b1fba1ed5efa87d21edd9aeef',
    },
  },
} satisfies z.output<typeof privateKeyDocumentView>
