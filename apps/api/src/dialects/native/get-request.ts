/**
 * GET /v1/requests/{id}: the request as JSON, or its CSR alone as PEM or DER, as the header Accept asks for it. `Prefer:
 * wait=n` holds the call while the request is queued or running.
 *
 * An Accept that names nothing of that gets JSON (RFC 9110, section 12.5.1 allows it): errors are JSON in any case.
 */
import { toPem } from '@csr-foundry/csr'
import { idSchema, requestView as view } from '@csr-foundry/native-api'
import type { RequestRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { z } from 'zod'
import { readSettled } from '../../hold.ts'
import type { Shortcut } from '../../http/shortcut.ts'
import { jsonOf } from '../../json-input.ts'
import { exampleCsr } from '../../openapi/example-texts.ts'
import { operation } from '../../operation.ts'
import { heedWait } from '../../prefer.ts'
import { secondsToWait } from '../../seconds-to-wait.ts'
import { serverTiming } from '../../server-timing.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { readyRequest as exampleOfReady, failedRequest, queuedRequest } from './examples.ts'
import { requestNotFound, requestView } from './request-view.ts'

const json = 'application/json'

/** The CSR alone: RFC 5967 has the media type and the file name of the DER. */
const csrForms = new Map<string, CsrForm>([
  ['application/x-pem-file', { extension: 'pem', write: toPem }],
  ['application/pkcs10', { extension: 'p10', write: (csr) => Uint8Array.from(csr) }],
])
type CsrForm = { extension: string; write: (csr: Buffer) => string | Uint8Array<ArrayBuffer> }

const csrContents = [
  { mediaType: 'application/x-pem-file', schema: z.string(), examples: { PEM: exampleCsr } },
  // Octets: JSON Schema has no word for them, and JSON no example.
  { mediaType: 'application/pkcs10', schema: z.unknown(), examples: {} },
]

export const getRequest = (services: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getRequest', {
      summary: 'Fetch a request, or its CSR',
      description:
        'As JSON, or the CSR alone as `Accept` asks for it. With `Prefer: wait=n` the call waits for the CSR.',
      role: 'read',
      headers: ['Prefer: wait'],
      params: z.object({ id: idSchema }),
      answers: {
        200: {
          description: 'The request, or its CSR.',
          headers: ['Retry-After', 'Server-Timing', 'Content-Disposition'],
          body: [
            jsonOf(view, {
              'One that is ready': exampleOfReady,
              'One that is queued': queuedRequest,
              'One that has failed': failedRequest,
            }),
            ...csrContents,
          ],
        },
      },
      errors: ['path_not_found', 'csr_not_there'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const record = await readSettled(services, c, id, heedWait(c) ?? 0)
      if (!record) throw requestNotFound(id)
      c.header('Vary', 'Accept', { append: true })
      const mediaType = accepts(c, {
        header: 'Accept',
        supports: [json, ...csrForms.keys()],
        default: json,
      })
      const form = csrForms.get(mediaType)
      const retryAfter =
        record.state === 'queued'
          ? await secondsToWait(services, c.get('place'), record)
          : undefined
      if (form) {
        const file = csrFile(record, form, retryAfter)
        return c.body(file.body, 200, { ...file.headers, 'Content-Type': mediaType })
      }
      if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
      const view = requestView(record)
      return c.json(view, 200, timing(record))
    },
  )

/** The same of a request that is ready, as JSON. */
export const readyRequest: Shortcut = {
  route: 'native GET /v1/requests/:id',
  url: /^\/v1\/requests\/([1-9]\d{0,14})$/,
  answer: (record) => ({
    headers: { ...timing(record), Vary: 'Accept', 'Content-Type': json },
    body: JSON.stringify(requestView(record)),
  }),
}

function csrFile(record: RequestRecord, form: CsrForm, retryAfter: number | undefined) {
  const { id } = record
  if (record.state !== 'ready') {
    throw new ServiceError('csr_not_there', {
      detail: `The request ${id} is ${stateOf(record)}: it has no CSR.`,
      ...(retryAfter !== undefined && { retryAfter }),
    })
  }
  const name = `attachment; filename="csr-${id}.${form.extension}"`
  return {
    body: form.write(record.csr),
    headers: { ...timing(record), 'Content-Disposition': name },
  }
}

const timing = (record: RequestRecord): Record<string, string> =>
  record.state === 'ready' ? { 'Server-Timing': serverTiming(record) } : {}
