import { toPem } from '@csr-foundry/csr'
import type { BatchView, ProblemView, ResultLine } from '@csr-foundry/native-api'
import { completeLot, shardTag, startLot } from '@csr-foundry/records'
import { ServiceError, toProblem } from '@csr-foundry/service'
import type { TestApi } from '../../../start-api.ts'
import { type Answer, ask } from '../native-calls.ts'

export const ndjson = { 'content-type': 'application/x-ndjson' }

/** A row that is valid. */
export const row = (ref: string, more: object = {}) => ({
  ref,
  subject: { commonName: `${ref}.example.com` },
  ...more,
})

export const rows = (count: number, prefix = 'edge') =>
  Array.from({ length: count }, (_, i) => row(`${prefix}-${i}`))

export const lines = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).join('\n')

export type BatchAnswer = Answer<BatchView & ProblemView>

/** POSTs a batch. */
export const postBatch = (
  api: TestApi,
  body: NonNullable<RequestInit['body']>,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<BatchAnswer> =>
  ask(api, `/v1/batches${query}`, {
    ...{ method: 'POST', body, headers: { ...ndjson, ...headers } },
    ...({ duplex: 'half' } as object),
  })

/** A batch of these rows, all taken. */
export async function batchOf(api: TestApi, all: readonly unknown[], query = ''): Promise<string> {
  const { status, body } = await postBatch(api, lines(all), { query })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body.id
}

/** A batch as it is now. */
export const getBatch = async (api: TestApi, id: string): Promise<BatchView> =>
  (await ask<BatchView>(api, `/v1/batches/${id}`)).body

/** Its results as NDJSON. */
export async function resultsOf(api: TestApi, id: string, query = ''): Promise<ResultLine[]> {
  const response = await api.call(`/v1/batches/${id}/results${query}`)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${text}`)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** What stands for the CSR of a row here: nobody looks into it. */
const csr = (ref = '') => Buffer.from(`the CSR of ${ref}`)

/** The same as PEM. */
export const csrOf = (ref: string) => toPem(csr(ref))

/** Works on all that is queued as a worker does, but makes nothing: what `fails` says ends failed, the rest is ready. */
export async function workOff(
  api: TestApi,
  {
    fails = () => false,
    most = -1,
  }: { fails?: (ref: string | undefined) => boolean; most?: number } = {},
): Promise<void> {
  const shard = shardTag(0)
  for (const lot of await api.redis.zrange(
    `${shard}:lots`,
    '0',
    String(most < 0 ? -1 : most - 1),
  )) {
    const run = { shard, lot, take: 'test' }
    const start = await startLot(api.redis, run)
    if (start.kind !== 'started') continue
    const results = start.requests.map(({ id, spec, keyId }) => {
      if (fails(spec.ref)) {
        return {
          id,
          state: 'failed' as const,
          problem: toProblem(new ServiceError('csr_not_made')),
        }
      }
      if (keyId !== undefined) return { id, state: 'ready' as const, csr: csr(spec.ref), keyId }
      const { algorithm } = spec.key
      const made = { algorithm, spki: Buffer.from(`spki ${id}`), sealed: Buffer.from('sealed') }
      return { id, state: 'ready' as const, csr: csr(spec.ref), custody: spec.custody, ...made }
    })
    await completeLot(api.redis, run, start.tenant, results)
  }
}

/** A body that is sent in these parts, the next only when the one before was read; ends with an error where `breaks` says so. */
export function bodyOf(
  parts: Iterable<string> | AsyncIterable<string>,
  { breaks = false } = {},
): ReadableStream<Uint8Array> {
  const all = (async function* () {
    yield* parts
  })()
  return new ReadableStream(
    {
      pull: async (stream) => {
        const { done, value } = await all.next()
        if (!done) stream.enqueue(Buffer.from(value))
        else if (breaks) stream.error(new Error('the connection broke'))
        else stream.close()
      },
    },
    { highWaterMark: 0 },
  )
}
