/** Lets so many pieces of work run at once, keeps so many waiting in their order, and turns away the rest. */
export class Gate {
  readonly #most: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(most: number, mostWaiting: number) {
    this.#most = most
    this.#mostWaiting = mostWaiting
  }

  /** Runs the work when its turn comes; undefined, and at once, where too much is waiting already. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running < this.#most) this.#running += 1
    else if (this.#waiting.length < this.#mostWaiting) await this.#turn()
    else return undefined
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // The place goes to the next one as it is: nobody who comes now gets in between.
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
