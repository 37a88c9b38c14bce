import { toPem } from '@csr-foundry/csr'
import type { RequestView } from '@csr-foundry/native-api'
import type { RequestRecord } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'

/** A request with all that is known of it. */
export function requestView(record: RequestRecord): RequestView {
  const line = requestLine(record)
  if (record.state === 'ready') return { ...line, csr: toPem(record.csr) }
  if (record.state === 'failed') return { ...line, problem: record.problem }
  return line
}

/** A request without its result. */
export function requestLine(record: RequestRecord) {
  const { id, ref, keyId, algorithm, state, times } = record
  const self = `/v1/requests/${id}`
  return {
    id,
    ...(ref !== undefined && { ref }),
    state: stateOf(record),
    key: { ...(keyId !== undefined && { id: keyId }), algorithm },
    times: timesOf(times),
    links: {
      self,
      ...(keyId !== undefined && { key: `/v1/keys/${keyId}` }),
      ...(state === 'failed' && { retry: `${self}/retry` }),
    },
  }
}

/** The state as callers see it: a queued request that a worker has taken is running. */
export const stateOf = ({ state, times }: RequestRecord): RequestView['state'] =>
  state === 'queued' && times.started !== undefined ? 'running' : state

function timesOf({ created, started, finished }: RequestRecord['times']): RequestView['times'] {
  return {
    created: moment(created),
    ...(started !== undefined && { started: moment(started) }),
    ...(finished !== undefined && { finished: moment(finished) }),
  }
}

const moment = (milliseconds: number) => new Date(milliseconds).toISOString()

export const requestNotFound = (id: string) =>
  new ServiceError('path_not_found', { detail: `The request ${id} was not found.` })
