/** Loaded by the first call of the queue dashboard: all that comes with bull-board. */
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import type { LotQueues } from '@csr-foundry/queue'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import type { Services } from '../services.ts'
import { boardFiles } from './board-files.ts'
import { boardHooks } from './board-hooks.ts'
import { boardFolder, strictPage } from './board-page.ts'

export type Board = {
  readonly app: Hono
  /** Its names of the queues: the lane, or `<number of the shard>-<lane>` where there are several shards. */
  readonly names: readonly string[]
}

/** @param path under which it is mounted */
export function loadBoard({ queues }: Pick<Services, 'queues'>, path: string): Board {
  const adapters = queues.each().map((one) => adapterOf(one, queues))
  const serverAdapter = new HonoAdapter(boardFiles)
  serverAdapter.setBasePath(path)
  createBullBoard({
    queues: adapters,
    serverAdapter,
    options: {
      uiBasePath: boardFolder,
      handlerHooks: boardHooks,
      uiConfig: {
        boardTitle: 'csr-foundry: queues',
        hideDocsLink: true,
        // It would ask Redis for all of its clients, for each queue and each time.
        showWorkers: false,
        miscLinks: [{ text: 'Console', url: '/dashboard' }],
      },
    },
  })
  serverAdapter.setErrorHandler(rethrow)
  // Its own copy of Hono makes it, which has another handler of errors than ours.
  const plugin = serverAdapter.registerPlugin() as unknown as Hono
  const app = new Hono()
  for (const each of [plugin, app]) each.onError(rethrow)
  app.use(strictPage)
  app.notFound(() => {
    throw new ServiceError('resource_unknown')
  })
  app.route(path, plugin)
  return { app, names: adapters.map((adapter) => adapter.getName()) }
}

/** What goes wrong is answered as everywhere else. */
function rethrow(error: Error): never {
  throw error
}

function adapterOf({ shard, lane, queue }: ReturnType<LotQueues['each']>[number], all: LotQueues) {
  const shards = [...new Set(all.each().map((one) => one.shard))]
  const prefix = shards.length > 1 ? `${shards.indexOf(shard)}-` : ''
  const description = `Lots of the lane ${lane}, shard ${shard}.`
  const adapter = new BullMQAdapter(queue, { prefix, description, allowRetries: false })
  // Nothing is in them by design; whatever came there all the same is not shown.
  adapter.setFormatter('data', () => ({}))
  adapter.setFormatter('returnValue', () => null)
  adapter.setFormatter('progress', () => 0)
  adapter.setFormatter('name', () => 'lot')
  return adapter
}
