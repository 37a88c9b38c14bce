/** What ends the intake of a batch early, as its caller is told. */
import { type ActingPlace, type RejectedRow, readBatch } from '@csr-foundry/records'
import { type ErrorCode, type Fault, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { BatchInputError } from '../../../batch-input/batch-input-error.ts'

/** Seconds after which a batch may have left the state that it was met in. */
const retryAfter = 5
/** As in all other answers. */
const mostFaults = 100

export const batchNotFound = (id: string) =>
  new ServiceError('batch_not_found', { detail: `The batch ${id} was not found.` })

export const batchBusy = (id: string) =>
  new ServiceError('batch_busy', {
    detail: `The batch ${id} is being taken in or changed by another call.`,
    retryAfter,
  })

export const batchCancelled = (id: string) =>
  new ServiceError('batch_cancelled', {
    detail: `The batch ${id} was cancelled before all of its rows were taken.`,
  })

export const batchGone = (id: string) =>
  new ServiceError('request_gone', { detail: `The batch ${id} was deleted.` })

/** Why a batch is not taken in by its owner any more. */
export async function lostIntake(
  redis: Redis,
  place: ActingPlace,
  id: string,
): Promise<ServiceError> {
  const batch = await readBatch(redis, place, id)
  if (!batch) return batchGone(id)
  return batch.state === 'cancelled' ? batchCancelled(id) : batchBusy(id)
}

/** Nothing of an atomic batch is taken if these rows are not valid. */
export function rejected(rows: readonly RejectedRow[]): ServiceError {
  const faults = rows.flatMap(({ line, errors }) => errors.map((fault) => ({ line, ...fault })))
  return new ServiceError('batch_rejected', { faults: faults.slice(0, mostFaults) })
}

/** The error, with how far the batch has come where some of it was taken. */
export function told(thrown: unknown, taken: string): unknown {
  const error = thrown instanceof BatchInputError ? ofInput(thrown) : thrown
  if (taken === '' || !(error instanceof ServiceError)) return error
  const { code, faults, retryAfter, cause } = error
  const detail = `${error.message} ${taken}`
  return new ServiceError(code, {
    ...{ detail, faults, cause },
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

function ofInput({ code, faults, line, cause }: BatchInputError): ServiceError {
  const tooLarge = code === 'too_large' || code === 'too_many_rows'
  const errorCode: ErrorCode = tooLarge ? 'batch_too_large' : 'batch_input_invalid'
  const [first] = faults
  const what = first?.pointer === '' ? `The body ${first.detail}` : 'The first line is not valid'
  const where = line === undefined ? '' : ` (line ${line})`
  return new ServiceError(errorCode, {
    detail: `${what}${where}.`,
    faults: faults.map(
      ({ pointer, detail }): Fault => ({ pointer, detail, ...(line !== undefined && { line }) }),
    ),
    cause,
  })
}
