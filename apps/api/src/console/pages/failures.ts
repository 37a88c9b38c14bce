/** /dashboard/failures: what has failed in the tenant, by code, and again with it. */
import { readFailures } from '@csr-foundry/records'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { retryOwnFailures } from '../../dialects/native/ops/acts.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { answerPage } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { failureGroups } from '../parts/failure-groups.ts'
import { retryAll } from '../retry-all.ts'

const path = '/dashboard/failures'

export const failuresPage = (services: Services) =>
  new Hono<Env>()
    .get('/', requireRole('read'), async (c) => {
      const failures = await readFailures(services.redis, c.get('place'))
      const mayRetry = c.get('principal').roles.includes('submit')
      return answerPage(c, {
        title: 'Failures',
        main: html`${noticeOf(c)}${failureGroups(c, failures, { mayRetry, path, linksOf: c.get('place').tenant })}`,
      })
    })
    .post('/retry', requireRole('submit'), async (c) => {
      const place = c.get('place')
      const notice = await retryAll(c, ({ code, next }) =>
        retryOwnFailures(services, place, { code, ...(next && { below: next.below }) }),
      )
      return c.redirect(withNotice(path, notice), 303)
    })
