import { type KeyAlgorithmName, keyAlgorithms } from '@csr-foundry/csr'
import type { Lane } from '@csr-foundry/records'

/** Queues by the cost of their work, so that what takes microseconds never waits behind what takes seconds. */
export const lanes = ['fast', 'slow'] as const satisfies readonly Lane[]

export const laneOf = (algorithm: KeyAlgorithmName): Lane => keyAlgorithms[algorithm].lane

/** BullMQ takes no id that is all digits, and none with a colon. */
export const jobIdOf = (lot: string) => `lot-${lot}`

/** The lot that a job id names. */
export const lotOf = (jobId: string) => jobId.replace(/^lot-/, '')
