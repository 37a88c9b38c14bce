import type { RequestRecord } from '@csr-foundry/records'
import type { Context } from 'hono'
import { secondsToWait } from '../../seconds-to-wait.ts'
import type { Env, Services } from '../../services.ts'
import { requestView } from './request-view.ts'

/** The answer to a call that has queued a request: what is known of it, and when to ask again. */
export async function answerRequest(
  services: Services,
  c: Context<Env>,
  record: RequestRecord,
  status: 201 | 202,
): Promise<Response> {
  if (record.state === 'queued') {
    c.header('Retry-After', String(await secondsToWait(services, c.get('place'), record)))
  }
  const view = requestView(record)
  c.header('Location', view.links.self)
  return c.json(view, status)
}
