import type { FiguresPoint, FiguresRange, FiguresView, LanePoint } from '@csr-foundry/native-api'
import {
  addLanes,
  emptyLane,
  type FiguresReader,
  failedIn,
  type LaneFigures,
  type MinuteFigures,
  percentilesOf,
  readyIn,
} from '@csr-foundry/records'
import { percentilesView } from './overview-view.ts'

const minuteMs = 60_000

/** How many minutes a chart has, and how many of them one step of it. */
const ranges = { hour: { minutes: 60, step: 1 }, day: { minutes: 1_440, step: 5 } } as const

export async function readFiguresView(
  reader: FiguresReader,
  range: FiguresRange,
): Promise<FiguresView> {
  const { minutes: wanted, step } = ranges[range]
  const { minutes } = await reader.last(wanted)
  // Steps begin at whole ones of them, so that a chart does not change when it is drawn again a minute later.
  const steps = Map.groupBy(minutes, ({ minute }) => Math.floor(minute / step) * step)
  return {
    range,
    stepSeconds: step * 60,
    points: [...steps].map(([first, ofStep]) => pointOf(first, ofStep)),
    failures: failuresIn(minutes),
  }
}

function pointOf(first: number, minutes: readonly MinuteFigures[]): FiguresPoint {
  const laneOf = (lane: 'fast' | 'slow') =>
    lanePoint(minutes.map(({ lanes }) => lanes[lane]).reduce(addLanes, emptyLane))
  // What was seen last in a step stands for it.
  const server = Object.assign({}, ...minutes.map((one) => one.server)) as MinuteFigures['server']
  return {
    at: new Date(first * minuteMs).toISOString(),
    lanes: { fast: laneOf('fast'), slow: laneOf('slow') },
    ...server,
  }
}

function lanePoint(figures: LaneFigures): LanePoint {
  const { wait, work, waitingLots, oldestWaitingMs } = figures
  const [waited, worked] = [percentilesOf(wait), percentilesOf(work)]
  return {
    ...{ ready: readyIn(figures), failed: failedIn(figures) },
    ...(waited && { wait: percentilesView(waited) }),
    ...(worked && { work: percentilesView(worked) }),
    ...(waitingLots !== undefined && { waitingLots }),
    ...(oldestWaitingMs !== undefined && { oldestWaitingMs }),
  }
}

function failuresIn(minutes: readonly MinuteFigures[]): FiguresView['failures'] {
  const all = minutes.flatMap(({ lanes }) => Object.values(lanes)).reduce(addLanes, emptyLane)
  return [...all.failed]
    .map(([code, count]) => ({ code, count }))
    .toSorted((one, other) => other.count - one.count)
}
