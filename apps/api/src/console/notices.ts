import type { Context } from 'hono'
import type { Env } from '../services.ts'
import { alertBox } from './parts/alert.ts'

/** What a page says after a change that sent its reader here. A closed list: what a link says must not be made up by its author. */
const notices = {
  'batch-cancelled': 'The rest of the batch is being cancelled.',
  'batch-retried': 'What had failed is queued again.',
  'request-retried': 'The request is queued again.',
  'failures-retried': 'They are queued again, within moments.',
  'failures-partly-retried': 'Many of them are queued again. Press once more for the rest.',
  'key-deleted': 'The key is destroyed.',
  'user-deleted': 'The user is deleted; his sessions have ended.',
  'user-changed': 'The roles are changed. They count at once.',
  'token-deleted': 'The token counts no more.',
  'tenant-limited': 'The limit is changed. It counts at once.',
  'tenant-closed': 'The tenant is closed: nobody of it gets in. What it has queued is still made.',
  'tenant-opened': 'The tenant is open again.',
  'lane-paused': 'The lane is paused: what is under way is finished, nothing new is started.',
  'lane-resumed': 'The lane is resumed.',
  'worker-draining': 'The worker takes no more lots.',
  'worker-changed': 'The worker is told.',
  'concurrency-changed': 'It is set. Workers heed it within two seconds.',
  'lot-retried': 'The lot is queued again.',
  'logged-out': 'You are logged out.',
  'password-changed': 'Your password is changed. Log in with the new one.',
} as const
export type Notice = keyof typeof notices

/** The path with what is to be said there. */
export const withNotice = (path: string, notice: Notice): string => `${path}?done=${notice}`

export function noticeOf(c: Context<Env>) {
  const done = c.req.query('done') ?? ''
  return Object.hasOwn(notices, done) ? alertBox('success', notices[done as Notice]) : ''
}
