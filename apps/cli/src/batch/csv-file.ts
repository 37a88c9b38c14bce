import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { notWritten } from './write-once.ts'

const writtenAtOnce = 64 * 1024

/** A CSV (RFC 4180) that takes its place when it is whole, also that of an older one. */
export class CsvFile implements Disposable {
  readonly #path: string
  readonly #draft: string
  readonly #file: number
  #text = ''
  #isOpen = true

  /** @throws Failure file_not_written */
  constructor(path: string, head: readonly string[]) {
    this.#path = path
    this.#draft = `${path}.${randomBytes(6).toString('hex')}`
    this.#file = this.#told(() => openSync(this.#draft, 'wx'))
    this.add(head)
  }

  add(row: readonly (string | number | undefined)[]): void {
    this.#text += `${row.map(fieldOf).join(',')}\r\n`
    if (this.#text.length >= writtenAtOnce) this.#flush()
  }

  /** Puts it in its place. */
  finish(): void {
    this.#flush()
    this.#close()
    this.#told(() => renameSync(this.#draft, this.#path))
  }

  /** What was not finished is gone. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return
    this.#close()
    rmSync(this.#draft, { force: true })
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    for (let from = 0; from < bytes.length; ) {
      from += this.#told(() => writeSync(this.#file, bytes, from))
    }
  }

  #close(): void {
    this.#isOpen = false
    closeSync(this.#file)
  }

  #told<Value>(run: () => Value): Value {
    try {
      return run()
    } catch (error) {
      throw notWritten(this.#path, error)
    }
  }
}

function fieldOf(value: string | number | undefined = ''): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
