/**
 * GET /v1/requests/{id}: the request as JSON, or its CSR alone as PEM or DER, as the header Accept asks for it. `Prefer:
 * wait=n` holds the call while the request is queued or running.
 *
 * An Accept that names nothing of that gets JSON (RFC 9110, section 12.5.1 allows it): errors are JSON in any case.
 */
import { toPem } from '@csr-foundry/csr'
import { idSchema } from '@csr-foundry/native-api'
import type { RequestRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { readSettled } from '../../hold.ts'
import type { Shortcut } from '../../http/shortcut.ts'
import { pathParameters, query } from '../../json-input.ts'
import { heedWait } from '../../prefer.ts'
import { secondsToWait } from '../../seconds-to-wait.ts'
import { serverTiming } from '../../server-timing.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { requestNotFound, requestView } from './request-view.ts'

const json = 'application/json'

/** The CSR alone: RFC 5967 has the media type and the file name of the DER. */
const csrForms = new Map<string, CsrForm>([
  ['application/x-pem-file', { extension: 'pem', write: toPem }],
  ['application/pkcs10', { extension: 'p10', write: (csr) => Uint8Array.from(csr) }],
])
type CsrForm = { extension: string; write: (csr: Buffer) => string | Uint8Array<ArrayBuffer> }

export const getRequest = (services: Services) =>
  new Hono<Env>().get(
    '/:id',
    requireRole('read'),
    pathParameters(z.object({ id: idSchema })),
    query(z.strictObject({})),
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
