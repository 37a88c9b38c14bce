import type { LotOutcome } from '@csr-foundry/queue'
import type { Lane } from '@csr-foundry/records'
import type { WorkFigures } from './work-figures.ts'

/** The lots that this process works on: how many, and since when on the oldest. */
export class RunningLots {
  readonly #figures: WorkFigures
  readonly #began = new Map<symbol, number>()

  constructor(figures: WorkFigures) {
    this.#figures = figures
  }

  get count(): number {
    return this.#began.size
  }

  get oldestMs(): number {
    // In the order in which they began.
    const [oldest] = this.#began.values()
    return oldest === undefined ? 0 : performance.now() - oldest
  }

  async run(lane: Lane, work: () => Promise<LotOutcome>): Promise<LotOutcome> {
    const lot = Symbol(lane)
    this.#began.set(lot, performance.now())
    try {
      const outcome = await work()
      this.#figures.lotRuns.add(`${lane} ${'done' in outcome ? 'done' : 'again'}`)
      return outcome
    } finally {
      this.#began.delete(lot)
    }
  }
}
