import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { RunningLots } from './running-lots.ts'
import type { FiguresMessage, WorkFigures } from './work-figures.ts'

const every = 2_000
/** Of the timer that measures, in milliseconds: what it measures begins with it. */
const resolution = 20

/** How a worker process is, at one beat. */
export type Beat = Pick<FiguresMessage, 'lots' | 'oldestLotMs' | 'eventLoopDelayMs'>

/**
 * Every two seconds this process says how it is: to the supervisor over their channel, which does not need Redis, and to whoever
 * listens here. One that hangs says nothing.
 */
export class Heartbeat {
  readonly #figures: WorkFigures
  readonly #running: RunningLots
  readonly #delay = monitorEventLoopDelay({ resolution })
  readonly #onBeat: (beat: Beat) => void
  #timer: NodeJS.Timeout | undefined

  constructor(figures: WorkFigures, running: RunningLots, onBeat: (beat: Beat) => void) {
    this.#figures = figures
    this.#running = running
    this.#onBeat = onBeat
  }

  start(): void {
    this.#delay.enable()
    this.#beat()
    this.#timer = setInterval(() => this.#beat(), every)
  }

  /** Says once more what was counted last. */
  stop(): void {
    clearInterval(this.#timer)
    this.#beat()
    this.#delay.disable()
  }

  #beat(): void {
    const beat: Beat = {
      lots: this.#running.count,
      oldestLotMs: Math.round(this.#running.oldestMs),
      eventLoopDelayMs: this.#longestDelay(),
    }
    const message: FiguresMessage = {
      ...beat,
      figures: this.#figures.tallies() as FiguresMessage['figures'],
    }
    // An owner that is gone ends this process by itself.
    if (process.connected) process.send?.(message)
    this.#onBeat(beat)
  }

  #longestDelay(): number {
    const longest = this.#delay.max / 1e6 - resolution
    this.#delay.reset()
    return Math.max(0, Math.round(longest * 10) / 10)
  }
}
