/** How much may run at once, and how much may wait beyond that. */
export type Places = { readonly running: number; readonly waiting: number }

type Owner = { running: number; readonly waiting: (() => void)[] }

/**
 * Lets so many pieces of work run at once and keeps so many waiting, of all and of each owner, and turns away the rest.
 *
 * Owners take turns: however much one of them brings, another waits for one piece of his at most before each of its own.
 */
export class FairGate {
  readonly #ofAll: Places
  readonly #ofOwner: Places
  /** Those with work here; whose turn it is next stands first. */
  readonly #owners = new Map<string, Owner>()
  #running = 0
  #waiting = 0

  constructor(ofAll: Places, ofOwner: Places) {
    this.#ofAll = ofAll
    this.#ofOwner = ofOwner
  }

  /** Runs the work when its turn comes; undefined, and at once, where too much is waiting already. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const owner = this.#owners.get(name) ?? { running: 0, waiting: [] }
    if (this.#mayRun(owner)) this.#start(name, owner)
    else if (this.#mayWait(owner)) await this.#turn(name, owner)
    else return undefined
    try {
      return await work()
    } finally {
      this.#end(name, owner)
    }
  }

  #mayRun(owner: Owner): boolean {
    return this.#running < this.#ofAll.running && owner.running < this.#ofOwner.running
  }

  #mayWait(owner: Owner): boolean {
    return this.#waiting < this.#ofAll.waiting && owner.waiting.length < this.#ofOwner.waiting
  }

  #start(name: string, owner: Owner): void {
    this.#running += 1
    owner.running += 1
    // Who has had a turn stands last.
    this.#owners.delete(name)
    this.#owners.set(name, owner)
  }

  #turn(name: string, owner: Owner): Promise<void> {
    this.#waiting += 1
    this.#owners.set(name, owner)
    return new Promise((resolve) => owner.waiting.push(resolve))
  }

  #end(name: string, owner: Owner): void {
    this.#running -= 1
    owner.running -= 1
    if (owner.running === 0 && owner.waiting.length === 0) this.#owners.delete(name)
    this.#startNext()
  }

  /** The place goes to the next one as it is: nobody who comes now gets in between. */
  #startNext(): void {
    for (const [name, owner] of this.#owners) {
      const start = this.#mayRun(owner) ? owner.waiting.shift() : undefined
      if (!start) continue
      this.#waiting -= 1
      this.#start(name, owner)
      start()
      return
    }
  }
}
