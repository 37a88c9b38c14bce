/** /dashboard/overview/failures: what has failed in all tenants, by code; of theirs an operator sees path ids and no more. */
import { readAllFailures } from '@csr-foundry/records'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { retryFailures } from '../../dialects/native/ops/acts.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { answerPage } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { failureGroups } from '../parts/failure-groups.ts'
import { retryAll } from '../retry-all.ts'

const path = '/dashboard/overview/failures'

export const allFailuresPage = (services: Services) =>
  new Hono<Env>()
    .use('/failures/*', requireRole('operate'))
    .get('/failures', async (c) =>
      answerPage(c, {
        title: 'Failures of all tenants',
        above: [{ title: 'Overview', path: '/dashboard/overview' }],
        main: html`${noticeOf(c)}${failureGroups(c, await readAllFailures(services.redis), { mayRetry: true, path })}`,
      }),
    )
    .post('/failures/retry', async (c) => {
      const notice = await retryAll(c, ({ code, next }) =>
        retryFailures(services, c.get('place'), { code, ...(next && { from: next }) }),
      )
      return c.redirect(withNotice(path, notice), 303)
    })
