/** /dashboard/requests/{id}: all that is known of a request, and its CSR, read again. */
import { idSchema } from '@csr-foundry/native-api'
import { type RequestIn, type RequestRecord, readRequest } from '@csr-foundry/records'
import { errorKinds, ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { requestNotFound } from '../../dialects/native/request-view.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { submitAgain } from '../../submit.ts'
import { postForm } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { alertBox } from '../parts/alert.ts'
import { csrText } from '../parts/csr-text.ts'
import { stateBadge } from '../parts/state.ts'
import { facts } from '../parts/table.ts'
import { timeline } from '../parts/timeline.ts'

const path = '/dashboard/requests'

export const requestPage = (services: Services) =>
  new Hono<Env>()
    .get('/:id', requireRole('read'), async (c) => {
      const record = await readRequest(services.redis, c.get('place'), idOf(c))
      if (!record) throw requestNotFound(idOf(c))
      return answerPage(c, page(c, record))
    })
    .post('/:id/retry', requireRole('submit'), async (c) => {
      const id = idOf(c)
      if ((await submitAgain(services, c, id)) === 'not_failed') {
        const record = await readRequest(services.redis, c.get('place'), id)
        if (!record) throw requestNotFound(id)
        const detail = `The request ${id} is ${stateOf(record)}.`
        throw new ServiceError('request_not_failed', { detail })
      }
      return c.redirect(withNotice(`${path}/${id}`, 'request-retried'), 303)
    })

/** @throws {ServiceError} `path_not_found` for what cannot be an id */
function idOf(c: Context<Env>): string {
  const id = c.req.param('id') ?? ''
  if (!idSchema.safeParse(id).success) throw requestNotFound(id)
  return id
}

function page(c: Context<Env>, record: RequestRecord) {
  const { id, ref, keyId, algorithm, state, times } = record
  return {
    title: `Request ${id}`,
    above: [{ title: 'Requests', path }],
    actions: state === 'failed' && c.get('principal').roles.includes('submit') ? retry(c, id) : '',
    scripts: ['refresh.js'] as const,
    main: html`${noticeOf(c)}<div id="live"${state === 'queued' ? html` data-refresh="1"` : ''}>
${record.state === 'failed' && problem(record)}
<div class="columns"><section class="panel" aria-labelledby="record"><h2 id="record">Record</h2>${facts(
      [
        ['State', stateBadge(stateOf(record))],
        ['Path', id],
        ['Ref', ref],
        [
          'Common name',
          record.state === 'queued' || record.state === 'failed' ? nameOf(record) : undefined,
        ],
        ['Key', algorithm],
        ['Key id', keyId],
        ['Lane', record.state === 'queued' ? record.lane : undefined],
      ],
    )}</section>
<section class="panel" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>${timeline(times, state)}</section></div>
${record.state === 'ready' && csrText(record.csr)}</div>`,
  }
}

/** What the subject is to be called, until a CSR says it. */
function nameOf({ spec }: RequestIn<'queued'> | RequestIn<'failed'>) {
  return spec.subject.flat().find(({ type }) => type === 'CN')?.value
}

function problem({ problem: { code, detail } }: RequestIn<'failed'>): Html {
  const recovery = Object.hasOwn(errorKinds, code) ? errorKinds[code].recovery : ''
  return alertBox('danger', detail, html`${recovery} (<a href="/docs/errors#${code}">${code}</a>)`)
}

const retry = (c: Context<Env>, id: string) =>
  postForm(c, `${path}/${id}/retry`, html`<button class="primary">Try it again</button>`)
