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
  readonly #stages: number
  #stage = 0

  constructor(stream: NodeJS.WriteStream, isDumbTerminal: boolean, stages: number) {
    this.#stream = stream
    this.#stages = stages
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

  stage(title: string, explanation: string): void {
    this.#stage += 1
    const place = `${this.#stage}/${this.#stages}`
    this.#write(`\n${this.style(['bold', 'cyan'], place)}  ${this.style('bold', title)}`)
    this.note(explanation)
  }

  note(text: string): void {
    for (const line of linesOf(text, this.width - indent.length)) {
      this.#write(`${indent}${this.style('dim', line)}`)
    }
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

  /** `every`: after how many steps there is a line, where it is lines. */
  progress(total: number, every = 1): Progress {
    if (!this.#isTerminal) return progressLines((text) => this.note(text), total, every)
    const format = `${indent}${this.style('cyan', '{bar}')}  {value} of {total}  ${this.style('dim', '{step}')}`
    return progressBar(this.#stream, format, total)
  }

  #write(text: string): void {
    this.#stream.write(`${text}\n`)
  }
}

/** Broken between words where it is longer than there is room. */
function linesOf(text: string, room: number): string[] {
  if (text.length <= room) return [text]
  const at = text.lastIndexOf(' ', room)
  if (at <= 0) return [text]
  return [text.slice(0, at), ...linesOf(text.slice(at + 1), room)]
}
