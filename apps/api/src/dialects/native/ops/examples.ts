/** What the OpenAPI document shows as answers to operators. */
import type {
  Concurrency,
  DeadLotView,
  FailuresView,
  LaneState,
  WorkerOrders,
} from '@csr-foundry/native-api'

export const laneState = { lane: 'slow', paused: true } satisfies LaneState

export const concurrency = { fast: 4, slow: 2 } satisfies Concurrency

export const workerOrders = {
  ...{ id: 'host-1:4711', draining: true, concurrency: {} },
} satisfies WorkerOrders

export const deadLot = {
  ...{ id: '0-17', lane: 'slow', tenant: 'acme', path: '42', starts: 2 },
  ...{ created: '2030-01-31T12:00:00.371Z', died: '2030-01-31T12:00:19.004Z' },
} satisfies DeadLotView

export const failures = {
  ...{ failed: 3, looked: 3 },
  groups: [
    {
      ...{ code: 'csr_not_made', count: 3 },
      tenants: [
        { tenant: 'acme', count: 2, newest: ['42', '17'] },
        { tenant: 'default', count: 1, newest: ['7'] },
      ],
    },
  ],
} satisfies FailuresView
