/**
 * What the demo writes on standard output.
 *
 * Rules: a stage has a number, a title and one line that says what happens in it; what came of it is a line with a tick.
 * Colour is for terminals only and obeys NO_COLOR. The progress bar is for terminals, elsewhere each step is a line.
 */
import { styleText } from 'node:util'
import { type Progress, progressBar, progressLines } from './progress.ts'

type Style = Parameters<typeof styleText>[0]

const widest = 120
const indent = '     '

export class Screen {
  readonly #stream: NodeJS.WriteStream
  readonly #isTerminal: boolean

  constructor(stream: NodeJS.WriteStream, isDumbTerminal: boolean) {
    this.#stream = stream
    this.#isTerminal = stream.isTTY && !isDumbTerminal
  }

  /** In columns. */
  get width(): number {
    return Math.min(this.#stream.columns || widest, widest)
  }

  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream })
  }

  title(text: string, explanation: string): void {
    this.#write(`\n${this.style('bold', text)}  ${explanation}`)
  }

  stage(place: string, title: string, explanation: string): void {
    this.#write(`\n${this.style(['bold', 'cyan'], place)}  ${this.style('bold', title)}`)
    this.note(explanation)
  }

  note(text: string): void {
    this.#write(`${indent}${this.style('dim', text)}`)
  }

  done(text: string): void {
    this.#write(`${indent}${this.style('green', '✔')} ${text}`)
  }

  /** What a reader who skips all else should see. */
  total(text: string): void {
    this.done(this.style('bold', text))
  }

  /** For what brings its own form, such as a table. */
  block(text: string): void {
    this.#write(`\n${text}\n`)
  }

  progress(total: number): Progress {
    if (!this.#isTerminal) return progressLines((text) => this.note(text), total)
    const format = `${indent}${this.style('cyan', '{bar}')}  {value} of {total}  ${this.style('dim', '{step}')}`
    return progressBar(this.#stream, format, total)
  }

  #write(text: string): void {
    this.#stream.write(`${text}\n`)
  }
}
