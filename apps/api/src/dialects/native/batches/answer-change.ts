import { type ChangeAsked, readBatch } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Env, Services } from '../../../services.ts'
import { gone } from '../../../submit.ts'
import { changeInBackground } from './add-lots.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchView } from './batch-view.ts'
import { batchBusy, batchNotFound } from './intake-errors.ts'

type Asked = { readonly id: string; readonly asked: ChangeAsked }

/**
 * Answers who asked for a change of a whole batch, which is then done in the background. Who asks again with the same
 * Idempotency-Key gets the batch as it is by now.
 *
 * @throws {ServiceError} `batch_not_found`, `batch_busy`, `request_gone`
 */
export async function answerChange(
  services: Services,
  c: Context<Env>,
  pace: BatchPace,
  { id, asked }: Asked,
) {
  const { redis } = services
  if (asked === 'unknown') throw batchNotFound(id)
  if (asked === 'busy') throw batchBusy(id)
  if (asked === 'begun') changeInBackground(services, c, id)
  const place = c.get('place')
  const batch = await readBatch(redis, place, id)
  if (!batch) throw asked === 'again' ? gone(`The batch ${id}`) : batchNotFound(id)
  const view = await batchView(redis, place, batch, pace)
  return c.json(view, 202, { Location: view.links.self })
}
