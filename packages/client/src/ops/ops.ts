import {
  type Concurrency,
  type ConcurrencyChange,
  concurrencyBody,
  type DeadLotView,
  deadLotListView,
  type FailuresView,
  type FiguresRange,
  type FiguresView,
  failuresView,
  figuresView,
  type LaneName,
  type LaneState,
  laneState,
  type OverviewView,
  overviewView,
  type RetriedLotView,
  type RetriedView,
  type RetryFailures,
  retriedLotView,
  retriedView,
  type WorkerOrders,
  workerOrders,
} from '@csr-foundry/native-api'
import type { CallOptions } from '../call.ts'
import type { Transport } from '../transport.ts'
import { walkPages } from '../walk-pages.ts'

/** Which failures: of one code, of one tenant or of all. */
export type FailuresToRetry = Pick<RetryFailures, 'code' | 'tenant'>

/** The whole installation: how it is, and what is done to it. Needs the role operate. */
export class Ops {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  overview(options: CallOptions = {}): Promise<OverviewView> {
    return this.#transport.json(
      { method: 'GET', path: '/v1/ops/overview', ...options },
      overviewView,
    )
  }

  /** What was done within the last hour or day, step by step. */
  figures(range: FiguresRange = 'hour', options: CallOptions = {}): Promise<FiguresView> {
    const call = { method: 'GET', path: '/v1/ops/figures', query: { range } } as const
    return this.#transport.json({ ...call, ...options }, figuresView)
  }

  /** Nothing of the lane is begun until it is resumed; requests are still taken in, and wait. */
  pauseLane(lane: LaneName, options: CallOptions = {}): Promise<LaneState> {
    const call = { method: 'POST', path: `/v1/ops/lanes/${lane}/pause`, ...options } as const
    return this.#transport.json(call, laneState)
  }

  resumeLane(lane: LaneName, options: CallOptions = {}): Promise<LaneState> {
    const call = { method: 'POST', path: `/v1/ops/lanes/${lane}/resume`, ...options } as const
    return this.#transport.json(call, laneState)
  }

  /** How many lots a worker takes at once, as it is set for all. */
  concurrency(options: CallOptions = {}): Promise<Concurrency> {
    const call = { method: 'GET', path: '/v1/ops/concurrency', ...options } as const
    return this.#transport.json(call, concurrencyBody)
  }

  /** For all workers, those to come as well. A lane that is left out stays; null gives it back to each machine. */
  setConcurrency(change: ConcurrencyChange, options: CallOptions = {}): Promise<Concurrency> {
    const call = { method: 'PATCH', path: '/v1/ops/concurrency', body: change } as const
    return this.#transport.json({ ...call, ...options }, concurrencyBody)
  }

  /** For one worker, as long as it lives. @throws ClientError worker_not_found */
  setWorkerConcurrency(
    id: string,
    change: ConcurrencyChange,
    options: CallOptions = {},
  ): Promise<WorkerOrders> {
    const call = { method: 'PATCH', path: `${workerPath(id)}/concurrency`, body: change } as const
    return this.#transport.json({ ...call, ...options }, workerOrders)
  }

  /** The worker ends what it has and takes no more, until it is resumed. @throws ClientError worker_not_found */
  drainWorker(id: string, options: CallOptions = {}): Promise<WorkerOrders> {
    const call = { method: 'POST', path: `${workerPath(id)}/drain`, ...options } as const
    return this.#transport.json(call, workerOrders)
  }

  /** @throws ClientError worker_not_found */
  resumeWorker(id: string, options: CallOptions = {}): Promise<WorkerOrders> {
    const call = { method: 'POST', path: `${workerPath(id)}/resume`, ...options } as const
    return this.#transport.json(call, workerOrders)
  }

  /** Lots that two workers died with. */
  deadLots(options: CallOptions = {}): AsyncGenerator<DeadLotView, void> {
    return walkPages(
      (cursor) => {
        const call = { method: 'GET', path: '/v1/ops/dead-lots', query: { cursor } } as const
        return this.#transport.json({ ...call, ...options }, deadLotListView)
      },
      ({ deadLots }) => deadLots,
    )
  }

  /** Queues its request again. @throws ClientError dead_lot_not_found */
  retryDeadLot(id: string, options: CallOptions = {}): Promise<RetriedLotView> {
    const path = `/v1/ops/dead-lots/${encodeURIComponent(id)}/retry`
    return this.#transport.json({ method: 'POST', path, ...options }, retriedLotView)
  }

  /** What has failed in all tenants, by code. */
  failures(options: CallOptions = {}): Promise<FailuresView> {
    const call = { method: 'GET', path: '/v1/ops/failures', ...options } as const
    return this.#transport.json(call, failuresView)
  }

  /** Queues all of them again, in as many calls as it takes: says after each how many that were. */
  async *retryFailures(
    which: FailuresToRetry,
    options: CallOptions = {},
  ): AsyncGenerator<number, void> {
    yield* walkPages<RetriedView, number>(
      (cursor) => {
        const body = { ...which, ...(cursor !== undefined && { cursor }) }
        const call = { method: 'POST', path: '/v1/ops/failures/retry', body, ...options } as const
        return this.#transport.json(call, retriedView)
      },
      ({ retried }) => [retried],
    )
  }
}

const workerPath = (id: string) => `/v1/ops/workers/${encodeURIComponent(id)}`
