import { Failure } from '../failure.ts'

/** Ctrl-C, which ends a batch's command in order and says how to go on. A second one ends it at once. */
export class Interruption implements Disposable {
  /** The batch, once it is known. */
  batch: string | undefined
  readonly #control = new AbortController()
  readonly #interrupt: () => void

  /** `isRepeatable`: whether the same command goes on where this one was. */
  constructor({ isRepeatable }: { readonly isRepeatable: boolean }) {
    this.#interrupt = () => this.#control.abort(interrupted(this.batch, isRepeatable))
    process.once('SIGINT', this.#interrupt)
  }

  get signal(): AbortSignal {
    return this.#control.signal
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#interrupt)
  }
}

function interrupted(batch: string | undefined, isRepeatable: boolean): Failure {
  const message =
    batch === undefined
      ? 'Interrupted before all was handed in.'
      : `Interrupted. The service goes on with batch ${batch}.`
  const failure = Failure.of('interrupted', message)
  if (isRepeatable) return failure
  const { code, exitCode } = failure
  const hint =
    batch === undefined
      ? 'What was taken is a batch of its own; see it with: csrctl batch list'
      : `Get back to it with: csrctl batch ${batch} --watch, or --out DIR`
  return new Failure(code, message, { hint, exitCode })
}
