/**
 * /dashboard/queues: bull-board, which shows the lanes as BullMQ sees them, and pauses and resumes them. For operators, by a session
 * of the console or by what any other call brings.
 *
 * Rules: bull-board is loaded by the first call of it, for the API's start would take a third longer. What it may do and show is
 * said in board-hooks.ts, what its page may load in board-page.ts.
 */
import { type ActingPlace, writeAuditEntry } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { limitReads } from '../authentication/read-limit.ts'
import { isSafe } from '../authentication/safe-methods.ts'
import { limitWrites } from '../authentication/write-limit.ts'
import { answerErrorPage } from '../console/error-page.ts'
import { readConsoleSession, requireConsoleSession } from '../console/session.ts'
import { refuseOtherSites, requireCaller, requireRole } from '../guards.ts'
import type { Env, Services } from '../services.ts'
import type { Board } from './load-board.ts'

export const boardPath = '/dashboard/queues'

export function queueDashboard(services: Services): Hono<Env> {
  const load = boardLoader(services)
  const app = new Hono<Env>()
  app.onError((error, c) => answerErrorPage(services, c, error))
  app.use(refuseOtherSites(services), requireBoardCaller(services))
  app.use(limitReads(services), limitWrites(services), requireRole('operate'))
  app.all('*', async (c) => {
    // Where its own links lead.
    if (c.req.path === `${boardPath}/`) return c.redirect(boardPath, 308)
    const board = await load()
    if (!isSafe(c.req.method)) await noteAct(services, c, board)
    return await board.app.fetch(c.req.raw, c.env)
  })
  return app
}

/** Who brings credentials with the call itself is not asked for a session. */
function requireBoardCaller(services: Services) {
  const bySession = requireConsoleSession(services)
  const byCredentials = requireCaller(services)
  return createMiddleware<Env>((c, next) => {
    const isSession = !c.req.header('authorization') && readConsoleSession(c)
    return isSession ? bySession(c, next) : byCredentials(c, next)
  })
}

/** What failed to load may load the next time. */
function boardLoader(services: Services): () => Promise<Board> {
  let loading: Promise<Board> | undefined
  return () => {
    loading ??= import('./load-board.ts')
      .then(({ loadBoard }) => loadBoard(services, boardPath))
      .catch((error: unknown) => {
        loading = undefined
        throw error
      })
    return loading
  }
}

const act = /\/api\/queues(?:\/([^/]+))?\/(pause|resume)$/

/** Before it is done; what is neither a pause nor a resume of a queue that there is, is not done at all. */
async function noteAct({ redis }: Services, c: Context<Env>, { names }: Board): Promise<void> {
  const [, named, what] = act.exec(c.req.path) ?? []
  const queues = named === undefined ? names : names.filter((name) => name === named)
  if (c.req.method !== 'PUT' || queues.length === 0 || what === undefined) {
    const detail = 'The queue dashboard shows, pauses and resumes queues, and changes nothing else.'
    throw new ServiceError('operation_not_supported', { detail, allow: ['GET', 'HEAD'] })
  }
  const place: ActingPlace = c.get('place')
  const action = what === 'pause' ? 'lane.pause' : 'lane.resume'
  await writeAuditEntry(redis, place, { action, ids: queues })
}
