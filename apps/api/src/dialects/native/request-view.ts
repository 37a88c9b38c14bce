import { toPem } from '@csr-foundry/csr'
import type { RequestView } from '@csr-foundry/native-api'
import type { RequestRecord, RequestSummary } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { momentOf } from '../../moment-of.ts'
import { stateOf } from '../../state-of.ts'

/** A request with all that is known of it. */
export function requestView(record: RequestRecord): RequestView {
  const line = requestLine(record)
  if (record.state === 'ready') return { ...line, csr: toPem(record.csr) }
  if (record.state === 'failed') return { ...line, problem: record.problem }
  return line
}

/** A request without its result. Of what release 0.1 left queued or failed a list does not know the key's algorithm. */
export function requestLine(request: RequestSummary) {
  const { id, ref, keyId, algorithm, state, times } = request
  const self = `/v1/requests/${id}`
  return {
    id,
    ...(ref !== undefined && { ref }),
    state: stateOf(request),
    ...(algorithm && { key: { ...(keyId !== undefined && { id: keyId }), algorithm } }),
    times: timesOf(times),
    links: {
      self,
      ...(keyId !== undefined && { key: `/v1/keys/${keyId}` }),
      ...(state === 'failed' && { retry: `${self}/retry` }),
    },
  }
}

function timesOf({ created, started, finished }: RequestRecord['times']): RequestView['times'] {
  return {
    created: momentOf(created),
    ...(started !== undefined && { started: momentOf(started) }),
    ...(finished !== undefined && { finished: momentOf(finished) }),
  }
}

export const requestNotFound = (id: string) =>
  new ServiceError('path_not_found', { detail: `The request ${id} was not found.` })
