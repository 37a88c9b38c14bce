import { type FiguresMessage, figuresMessage, WorkFigures } from './work-figures.ts'

/** What one of the supervisor's processes said last, and when. */
type Member = {
  readonly said: FiguresMessage | undefined
  readonly heardAt: number
  readonly deaths: number
}

export type MemberState = {
  readonly worker: string
  readonly silentSeconds: number
  readonly lots: number
  readonly oldestLotSeconds: number
  readonly eventLoopDelaySeconds: number
  readonly deaths: number
}

/**
 * What the processes of this supervisor say over their channels. What one has counted before it died is kept, so that no sum ever
 * falls.
 */
export class WorkerFleet {
  readonly #members = new Map<string, Member>()
  readonly #gone = new WorkFigures()

  /** From here on it is expected to say something. */
  expect(worker: string): void {
    this.#members.set(worker, { said: undefined, heardAt: performance.now(), deaths: 0 })
  }

  hear(worker: string, message: unknown): void {
    const said = figuresMessage.safeParse(message)
    const deaths = this.#members.get(worker)?.deaths ?? 0
    // All else that it sends is no figures, and a sign of life.
    const last = said.success ? said.data : this.#members.get(worker)?.said
    this.#members.set(worker, { said: last, heardAt: performance.now(), deaths })
  }

  died(worker: string): void {
    const member = this.#members.get(worker)
    if (member?.said) this.#gone.add(member.said.figures)
    const deaths = (member?.deaths ?? 0) + 1
    this.#members.set(worker, { said: undefined, heardAt: performance.now(), deaths })
  }

  /** Of all processes there are and were. */
  figures(): WorkFigures {
    const sum = new WorkFigures()
    sum.add(this.#gone.tallies())
    for (const { said } of this.#members.values()) if (said) sum.add(said.figures)
    return sum
  }

  members(): MemberState[] {
    const now = performance.now()
    return [...this.#members].map(([worker, { said, heardAt, deaths }]) => ({
      ...{ worker, deaths, silentSeconds: (now - heardAt) / 1_000 },
      lots: said?.lots ?? 0,
      oldestLotSeconds: (said?.oldestLotMs ?? 0) / 1_000,
      eventLoopDelaySeconds: (said?.eventLoopDelayMs ?? 0) / 1_000,
    }))
  }
}
