/** Rounds of work, so many milliseconds apart, and never two at once. */
export class Rounds {
  readonly #work: () => Promise<void>
  readonly #every: number
  #timer: NodeJS.Timeout | undefined
  #underWay: Promise<void> | undefined

  /** @param work does not throw */
  constructor(work: () => Promise<void>, every: number) {
    this.#work = work
    this.#every = every
  }

  start(): void {
    this.#timer = setInterval(() => {
      // While Redis is away a round waits for it: those after it would all come at once when it is back.
      this.#underWay ??= this.#work().finally(() => {
        this.#underWay = undefined
      })
    }, this.#every)
  }

  /** Begins no more; resolves when the one that is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#underWay
  }
}
