/**
 * How far a batch is, on standard error: a bar where that is a terminal, elsewhere a line every few seconds. What takes less time
 * than that has no line.
 */
import { isDumbTerminal } from '../config.ts'
import { lastLine, say } from '../output.ts'
import { durationText } from './amounts.ts'

/** `done` of `total`, in whatever it is counted; `total` may not be known. */
export type Step = {
  readonly title: string
  readonly done: number
  readonly total: number | undefined
  readonly text: (amount: number) => string
  /** A second. */
  readonly rate?: number | undefined
  readonly secondsLeft?: number | undefined
}

/** Its owner ends it whatever happens: the bar has the terminal's cursor hidden. */
export type Progress = Disposable & { show(step: Step): void }

const lineEvery = 5_000

export async function openProgress(): Promise<Progress> {
  if (!process.stderr.isTTY || isDumbTerminal()) return new ProgressLines()
  // Loaded where there is something to draw on.
  const { SingleBar, Presets } = await import('cli-progress')
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{title}  {bar}  {facts}',
      barsize: 28,
      fps: 8,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  return new ProgressBar(bar)
}

type Bar = InstanceType<typeof import('cli-progress')['SingleBar']>

class ProgressBar implements Progress {
  readonly #bar: Bar

  constructor(bar: Bar) {
    this.#bar = bar
  }

  show(step: Step): void {
    const { title, done, total = 0 } = step
    const payload = { title: title.padEnd(9), facts: factsOf(step) }
    if (!lastLine.isBar) this.#bar.start(total, done, payload)
    lastLine.isBar = true
    this.#bar.setTotal(total)
    // The library's own bounds: more than all is all.
    this.#bar.update(Math.min(done, total), payload)
  }

  [Symbol.dispose](): void {
    if (lastLine.isBar) this.#bar.stop()
    lastLine.isBar = false
  }
}

class ProgressLines implements Progress {
  #last = performance.now()

  show(step: Step): void {
    const now = performance.now()
    if (now - this.#last < lineEvery) return
    this.#last = now
    say(`${step.title}: ${factsOf(step)}`)
  }

  [Symbol.dispose](): void {}
}

function factsOf({ done, total, text, rate, secondsLeft }: Step): string {
  const amount = total === undefined ? text(done) : `${text(done)} of ${text(total)}`
  const facts = [
    total ? `${Math.floor((Math.min(done, total) / total) * 100)} %` : undefined,
    amount,
    rate === undefined ? undefined : `${text(rate)}/s`,
    secondsLeft === undefined ? undefined : `${durationText(secondsLeft)} left`,
  ]
  return facts.filter((fact) => fact !== undefined).join('  ')
}
