import { type KeyAlgorithmName, keyAlgorithms } from '@csr-foundry/csr'
import type { Lane, PackedRequest } from '@csr-foundry/records'
import { laneOf } from './lanes.ts'

/** So many requests at most, so that a lot that is split after a death makes no flood. */
const mostRows = 128
/** What a lot may take, in milliseconds of one thread: it is what others of its lane wait for. */
const mostMs = 250
/** What it costs to open and use a key that is there, at the most; to make it is over. */
const mostMsToSign = 10

/**
 * Requests as lots, in their order within a lane: so many that what carries them costs little, and so few that nobody waits for
 * long behind them. What costs more than a lot may take is a lot of its own.
 */
export function groupLots<Row extends Pick<PackedRequest, 'algorithm' | 'keyId'>>(
  rows: readonly Row[],
): { lane: Lane; rows: Row[] }[] {
  const lots: { lane: Lane; rows: Row[] }[] = []
  const open = new Map<Lane, { rows: Row[]; ms: number }>()
  for (const row of rows) {
    const { lane, ms } = workOf(row.algorithm, row.keyId !== '')
    let lot = open.get(lane)
    if (!lot || lot.rows.length === mostRows || lot.ms + ms > mostMs) {
      lot = { rows: [], ms: 0 }
      open.set(lane, lot)
      lots.push({ lane, rows: lot.rows })
    }
    lot.rows.push(row)
    lot.ms += ms
  }
  return lots
}

function workOf(algorithm: KeyAlgorithmName, hasKey: boolean): { lane: Lane; ms: number } {
  const { typicalMs } = keyAlgorithms[algorithm]
  if (hasKey) return { lane: 'fast', ms: Math.min(typicalMs, mostMsToSign) }
  return { lane: laneOf(algorithm), ms: typicalMs }
}
