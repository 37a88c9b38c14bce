import { randomBytes } from 'node:crypto'
import { lstat, open, rename, rm } from 'node:fs/promises'
import { Failure } from '../failure.ts'

const readableByOwner = 0o600

/**
 * Writes a private key into a file of mode 0600, as a whole or not at all. A file that is there is left alone, unless it may be
 * replaced; then the new one has the mode too, whatever the old one's was.
 *
 * @throws Failure file_exists, file_not_written
 */
export async function writePrivateFile(path: string, text: string, replace: boolean) {
  try {
    if (!replace) return await writeNew(path, text)
    // A device or a folder would be replaced by a file.
    const there = await lstat(path).catch(() => undefined)
    if (there !== undefined && !there.isFile()) throw notAFile(path)
    const draft = `${path}.${randomBytes(6).toString('hex')}`
    await writeNew(draft, text)
    await rename(draft, path)
  } catch (error) {
    throw error instanceof Failure ? error : notWritten(path, error)
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', readableByOwner)
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

function notWritten(path: string, error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') return Failure.of('file_exists', `${path} is there already.`)
  return Failure.of('file_not_written', `${path} cannot be written (${code}).`, error)
}

const notAFile = (path: string) => Failure.of('file_not_written', `${path} is not a file.`)
