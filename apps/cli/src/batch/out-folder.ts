import { constants } from 'node:fs'
import { access, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { type BatchView, FileNames, type ResultLine } from '@csr-foundry/native-api'
import { Failure } from '../failure.ts'
import { CsvFile } from './csv-file.ts'
import { notWritten, writeOnce } from './write-once.ts'

const indexColumns = ['path', 'ref', 'state', 'file', 'key_id', 'problem']
const readableByOwner = 0o600

/**
 * The folder of a batch: `<ref or path>.csr.pem` for each CSR, `<ref or path>.key.jwe` for each key, index.csv and rejected.csv.
 * A second run finds its files and leaves them; a folder of another batch is left alone.
 */
export class OutFolder {
  readonly path: string
  readonly #replace: boolean

  constructor(path: string, replace: boolean) {
    this.path = path
    this.#replace = replace
  }

  /** Finds out that it cannot be written before anything is handed in. @throws Failure file_not_written */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true })
      await access(this.path, constants.W_OK | constants.X_OK)
    } catch (error) {
      throw notWritten(this.path, error)
    }
  }

  /** @throws Failure file_exists where the index is of another batch */
  async claim({ firstPath }: Pick<BatchView, 'firstPath'>): Promise<void> {
    const index = this.#placeOf('index.csv')
    const before = await beginningOf(index)
    const isOurs = before?.split('\r\n')[1]?.startsWith(`${firstPath},`) ?? true
    if (!isOurs && !this.#replace) {
      throw Failure.of('file_exists', `${index} is there already, with other paths.`)
    }
  }

  index(): Index {
    const file = new CsvFile(this.#placeOf('index.csv'), indexColumns)
    return new Index(file, (name, csr) =>
      writeOnce(this.#placeOf(name), csr, { replace: this.#replace }),
    )
  }

  rejected(): CsvFile {
    return new CsvFile(this.#placeOf('rejected.csv'), ['line', 'ref', 'pointer', 'detail'])
  }

  /** A key that is there was encrypted for the same reader then, with other random numbers. */
  writeKey(name: string, jwe: string): void {
    const isFine = (there: string) => isSameExport(there, jwe)
    const how = { mode: readableByOwner, replace: this.#replace, isFine }
    writeOnce(this.#placeOf(`${name}.key.jwe`), `${jwe}\n`, how)
  }

  #placeOf(name: string): string {
    return join(this.path, name)
  }
}

/** What is written row by row: the CSRs, and the index of them. */
export class Index implements Disposable {
  /** How many CSRs there are. */
  csrs = 0
  readonly #file: CsvFile
  readonly #write: (name: string, csr: string) => void
  readonly #names = new FileNames()

  constructor(file: CsvFile, write: (name: string, csr: string) => void) {
    this.#file = file
    this.#write = write
  }

  /** Gives the name of its files, without their extensions. */
  add({ path, ref, state, key, csr, problem }: ResultLine): string {
    const name = this.#names.nameOf({ path, ref })
    const file = csr === undefined ? undefined : `${name}.csr.pem`
    if (file !== undefined && csr !== undefined) {
      this.#write(file, csr)
      this.csrs += 1
    }
    this.#file.add([
      path,
      ref,
      state,
      file,
      key.id,
      problem && `${problem.code}: ${problem.detail}`,
    ])
    return name
  }

  finish(): void {
    this.#file.finish()
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]()
  }
}

async function beginningOf(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw notWritten(path, error)
  }
}

function isSameExport(there: string, jwe: string): boolean {
  const [before, now] = [headerOf(there), headerOf(jwe)]
  return before !== undefined && before === now
}

/** The header of a whole compact JWE, without what differs each time: `epk`. */
function headerOf(jwe: string): string | undefined {
  const parts = jwe.trim().split('.')
  if (parts.length !== 5) return undefined
  try {
    const { epk: _, ...header } = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString())
    return JSON.stringify(header)
  } catch {
    return undefined
  }
}
