import { keyAlgorithms } from '@csr-foundry/csr'
import type { RequestState, RequestSummary } from '@csr-foundry/records'

/** LXCA's words for the state of a job, as far as a request can be in it. */
export const jobStates = [
  'Pending',
  'Running',
  'Complete',
  'Stopped_With_Error',
  'Cancelled',
] as const

export type JobState = (typeof jobStates)[number]

/** How far a request is; what has ended, however it ended, is at 100 %. */
export type Progress = { readonly state: JobState; readonly percentage: number }

export function progressOf(request: RequestSummary): Progress {
  const { state } = request
  return state === 'queued'
    ? progressOfQueued(request)
    : { state: endStates[state], percentage: 100 }
}

const endStates = {
  ready: 'Complete',
  failed: 'Stopped_With_Error',
  cancelled: 'Cancelled',
} as const satisfies Record<Exclude<RequestState, 'queued'>, JobState>

function progressOfQueued({ algorithm, keyId, times }: RequestSummary): Progress {
  if (times.started === undefined) return { state: 'Pending', percentage: 0 }
  const usual = keyId === undefined && algorithm ? keyAlgorithms[algorithm].typicalMs : signatureMs
  return { state: 'Running', percentage: percentageAfter(Date.now() - times.started, usual) }
}

/** What a request takes whose key is there already. */
const signatureMs = 5

/** How much of the usual time has passed: nobody can know how long a prime takes to be found. */
const percentageAfter = (passed: number, usual: number) =>
  Math.min(99, Math.max(1, Math.round((passed / usual) * 50)))
