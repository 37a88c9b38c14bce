import { Presets, SingleBar } from 'cli-progress'

/** How far many like steps have come. Its owner ends it whatever happens: the bar has the terminal's cursor hidden. */
export type Progress = Disposable & {
  /** One more step is done: this one. */
  advance(step: string): void
}

export function progressBar(stream: NodeJS.WriteStream, format: string, total: number): Progress {
  const bar = new SingleBar(
    {
      stream,
      format,
      barsize: 36,
      hideCursor: true,
      // Signals are the business of the demo, which has more to end than a bar.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0, { step: '' })
  return {
    advance: (step) => bar.increment({ step }),
    [Symbol.dispose]: () => bar.stop(),
  }
}

export function progressLines(
  write: (line: string) => void,
  total: number,
  every: number,
): Progress {
  const width = String(total).length
  let done = 0
  return {
    advance: (step) => {
      done += 1
      if (done % every === 0) write(`${String(done).padStart(width)} of ${total}  ${step}`)
    },
    [Symbol.dispose]: () => {},
  }
}
