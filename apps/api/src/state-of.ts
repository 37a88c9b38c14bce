import type { RequestState, RequestSummary } from '@csr-foundry/records'

/** The state as callers see it: a queued request that a worker has in hand is running. */
export const stateOf = ({ state, times }: RequestSummary): RequestState | 'running' =>
  state === 'queued' && times.started !== undefined ? 'running' : state
