import { ClientError } from './client-error.ts'
import { pauseBefore, type Retry } from './retries.ts'

/** A stream is tried for about half a minute before it is given up, as long as all tries of another call have. */
const usualStreamTries = 8
/** Seconds; who is told to stay away for longer is told why. */
const longestPause = 120

type Means = {
  readonly tries: number | undefined
  readonly onRetry: ((retry: Retry) => void) | undefined
  readonly pause: (seconds: number) => Promise<void>
}

/** How often something that goes on where it broke is tried again: so often without getting further. */
export class Patience {
  readonly #means: Means
  #failed = 0

  constructor(means: Means) {
    this.#means = means
  }

  /** It got further. */
  reset(): void {
    this.#failed = 0
  }

  /** Lets the pause go by that comes before the next try. @throws the error itself, where none should follow */
  async after(error: unknown, alsoAgain: (error: ClientError) => boolean = () => false) {
    if (!(error instanceof ClientError)) throw error
    if (error.again === 'never' && !alsoAgain(error)) throw error
    const { tries = usualStreamTries, onRetry, pause: letGoBy } = this.#means
    this.#failed += 1
    const pause = pauseBefore(this.#failed, error.retryAfter)
    if (this.#failed >= tries || pause > longestPause) throw error
    onRetry?.({ error, attempt: this.#failed, pause })
    await letGoBy(pause)
  }

  /** Lets a pause go by that is not for a try of one's own. */
  async wait(error: ClientError, pause: number): Promise<void> {
    const { onRetry, pause: letGoBy } = this.#means
    onRetry?.({ error, attempt: this.#failed, pause })
    await letGoBy(pause)
  }
}
