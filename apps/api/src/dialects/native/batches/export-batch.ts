/**
 * POST /v1/batches/{id}/export: the private keys of a batch, each as a JWE to one recipient, as a stream in the order of the
 * input. Workers encrypt them lot by lot, and the audit tells of each lot.
 */
import { recipientJwk } from '@csr-foundry/key-vault/recipients'
import { type ExportLine, exportLine, idSchema, type ResultLine } from '@csr-foundry/native-api'
import { newErrandId } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import { runErrand } from '../../../run-errand.ts'
import type { Env, Services } from '../../../services.ts'
import { fromCursor } from '../cursor.ts'
import { requireBatch } from './batch-view.ts'
import { exportedLine } from './examples.ts'
import { resultPages } from './result-lines.ts'
import { streamOf } from './stream-of.ts'

/** About 250 ms of a worker, and 200 KB of Redis for a moment. */
const keysOfLot = 128

const body = z.strictObject({ recipient: recipientJwk })
const query = z.strictObject({ cursor: z.string('must be given once').optional() })

type Recipient = z.output<typeof body>['recipient']
type Encrypted = { readonly jwe?: string; readonly problem?: ExportLine['problem'] }

export const exportBatch = (services: Services) =>
  new Hono<Env>().post(
    '/:id/export',
    operation('exportBatch', {
      summary: 'Export the keys of a batch',
      description:
        'Each key that is made and whose custody is `exportable`, as a JWE to the `recipient`: a JSON object a line, in the order of the input. A key that may not leave has its `problem`. A stream that broke goes on at the `cursor` of the last line that was read.',
      role: 'export',
      params: z.object({ id: idSchema }),
      query,
      body: jsonBodyOf(body, {
        'To a recipient': {
          recipient: {
            kty: 'OKP',
            crv: 'X25519',
            x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08',
          },
        },
      }),
      answers: {
        200: {
          description: 'The encrypted keys.',
          body: [
            {
              mediaType: 'application/x-ndjson',
              schema: exportLine,
              examples: { 'A key': exportedLine },
            },
          ],
        },
      },
      errors: ['batch_not_found', 'errands_throttled', 'errand_not_done'],
    }),
    async (c) => {
      const { cursor } = c.req.valid('query')
      const row = cursor === undefined ? 0 : fromCursor(cursor, z.int().nonnegative())
      const { id } = await requireBatch(services.redis, c.get('place'), c.req.valid('param').id)
      const lots = exportLots(services, c, { id, row, recipient: c.req.valid('json').recipient })
      // The first before the answer begins: a service without workers says so by its status.
      const first = await lots.next()
      c.header('Content-Type', 'application/x-ndjson')
      c.header('Cache-Control', 'no-store')
      return c.body(streamOf(ndjson(first.done ? [] : first.value, lots)))
    },
  )

async function* ndjson(first: readonly ExportLine[], rest: AsyncIterable<readonly ExportLine[]>) {
  yield textOf(first)
  for await (const lines of rest) yield textOf(lines)
}

const textOf = (lines: readonly ExportLine[]) =>
  Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

type From = { readonly id: string; readonly row: number; readonly recipient: Recipient }

async function* exportLots(
  services: Services,
  c: Context<Env>,
  { id, row, recipient }: From,
): AsyncGenerator<readonly ExportLine[], void> {
  for await (const page of resultPages(services, c, { id, row, state: 'ready' })) {
    for (let at = 0; at < page.length; at += keysOfLot) {
      yield await exportLot(services, c, recipient, page.slice(at, at + keysOfLot))
    }
  }
}

async function exportLot(
  services: Services,
  c: Context<Env>,
  recipient: Recipient,
  lines: readonly ResultLine[],
): Promise<readonly ExportLine[]> {
  const keys = lines.map(({ key }) => key.id ?? '')
  const input = JSON.stringify({ recipient, keys })
  const errand = { kind: 'exports', id: newErrandId(), about: keys.join(','), input } as const
  const result = JSON.parse(await runErrand(services, c, errand)) as { keys: readonly Encrypted[] }
  return lines.map(({ path, ref, cursor }, i) => ({
    path,
    ...(ref !== undefined && { ref }),
    ...result.keys[i],
    cursor,
  }))
}
