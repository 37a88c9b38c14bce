import { ServiceError } from '@csr-foundry/service'
import type { Caller, Proof } from './caller.ts'

/** `signal` fires when the caller's credential has ended, or he may not go on with what he waits for. */
export type Watch = { readonly signal: AbortSignal; release(): void }

type Watched = { readonly proof: Proof; readonly looks: Set<(now: Caller | undefined) => void> }

const lookAgainAfter = 500
const longestTimer = 2 ** 31 - 1

/** The callers whose calls are held: after each change of an account every one of them is looked at again, once. */
export class CallerWatches {
  readonly #find: (proof: Proof) => Promise<Caller>
  readonly #watched = new Map<string, Watched>()

  constructor(find: (proof: Proof) => Promise<Caller>) {
    this.#find = find
  }

  watch({ proof, expires }: Caller, mayGoOn: (now: Caller) => boolean): Watch {
    const end = new AbortController()
    const key = JSON.stringify(proof)
    const watched: Watched = this.#watched.get(key) ?? { proof, looks: new Set() }
    this.#watched.set(key, watched)
    const look = (now: Caller | undefined) => {
      if (!now || !mayGoOn(now)) end.abort()
    }
    watched.looks.add(look)
    // A change that came before this call was watched was told to nobody here.
    void this.#check({ proof, looks: new Set([look]) })
    const timer = expires === undefined ? undefined : endAt(expires, end)
    return {
      signal: end.signal,
      release: () => {
        clearTimeout(timer)
        watched.looks.delete(look)
        if (watched.looks.size === 0 && this.#watched.get(key) === watched) {
          this.#watched.delete(key)
        }
      },
    }
  }

  checkAll(): void {
    for (const watched of this.#watched.values()) void this.#check(watched)
  }

  async #check(watched: Watched): Promise<void> {
    if (watched.looks.size === 0) return
    try {
      const now = await this.#find(watched.proof)
      for (const look of watched.looks) look(now)
    } catch (error) {
      if (error instanceof ServiceError) for (const look of watched.looks) look(undefined)
      // Redis is away: the change may be one that matters, so it is not forgotten.
      else setTimeout(() => void this.#check(watched), lookAgainAfter).unref()
    }
  }
}

/** A millisecond late: a timer may go off one early by the clock, and a credential that counts until then would be found to count. */
const endAt = (moment: number, end: AbortController) =>
  setTimeout(() => end.abort(), Math.min(Math.max(0, moment - Date.now()) + 1, longestTimer))
