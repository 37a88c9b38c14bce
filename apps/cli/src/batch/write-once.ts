import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Failure } from '../failure.ts'

type How = {
  readonly mode?: number
  /** Whether a file with another content may be replaced. */
  readonly replace: boolean
  /** Whether what is there already will do; unless told, the same text. */
  readonly isFine?: (there: string) => boolean
}

/**
 * Writes a small file, unless it is there already with the same content. Without waiting in between: of many thousand small files that
 * would be most of the time.
 *
 * @throws Failure file_exists, file_not_written
 */
export function writeOnce(path: string, text: string, how: How): void {
  const { mode = 0o666 } = how
  try {
    writeFileSync(path, text, { flag: 'wx', mode })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw notWritten(path, error)
    replaceOther(path, text, how)
  }
}

function replaceOther(path: string, text: string, { mode = 0o666, replace, isFine }: How): void {
  const there = readThere(path)
  if (isFine?.(there) ?? there === text) return
  // What was cut off while it was written is no other content.
  const isBegun = text.startsWith(there)
  if (!replace && !isBegun) throw Failure.of('file_exists', `${path} is there already.`)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, text, { flag: 'wx', mode })
    renameSync(draft, path)
  } catch (error) {
    throw notWritten(path, error)
  }
}

function readThere(path: string): string {
  try {
    // Nothing is followed that leads elsewhere, and no pipe or device opened.
    if (lstatSync(path).isFile()) return readFileSync(path, 'utf8')
  } catch (error) {
    throw notWritten(path, error)
  }
  throw Failure.of('file_not_written', `${path} is not a file.`)
}

export function notWritten(path: string, error: unknown): Failure {
  return Failure.of('file_not_written', `${path} cannot be written (${codeOf(error)}).`, error)
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
