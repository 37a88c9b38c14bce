import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Folder = AsyncDisposable & { readonly path: string }

/** A folder of its own for a test file, in which this process then is, as somebody at a command line would be. */
export async function enterFolder(): Promise<Folder> {
  const before = process.cwd()
  const path = await mkdtemp(join(tmpdir(), 'csrctl-test-'))
  process.chdir(path)
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      process.chdir(before)
      await rm(path, { recursive: true })
    },
  }
}
