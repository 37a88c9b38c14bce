type Line = { running: number; readonly waiting: (() => void)[] }

/** Lets so many pieces of work of one owner run at once; the others of that owner wait in their order. */
export class Turns {
  readonly #most: number
  readonly #lines = new Map<string, Line>()

  constructor(most: number) {
    this.#most = most
  }

  async take<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(owner) ?? { running: 0, waiting: [] }
    this.#lines.set(owner, line)
    if (line.running < this.#most) line.running += 1
    else await new Promise<void>((resolve) => line.waiting.push(resolve))
    try {
      return await work()
    } finally {
      this.#leave(owner, line)
    }
  }

  #leave(owner: string, line: Line): void {
    const next = line.waiting.shift()
    // The place goes to the next one as it is: nobody who comes now gets in between.
    if (next) next()
    else line.running -= 1
    if (line.running === 0) this.#lines.delete(owner)
  }
}
