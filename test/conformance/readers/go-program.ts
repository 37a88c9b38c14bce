import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outputOf, runCommand } from './run-command.ts'

/**
 * Compiles one Go file that needs no other module and returns the program's path. The program is
 * kept among the temporary files for the next run, by the hash of its source and the compiler.
 */
export async function goProgram(source: string): Promise<string> {
  const compiler = await outputOf('go', ['version'])
  if (compiler === undefined) throw new Error('No go on this machine.')
  const hash = createHash('sha256')
    .update(compiler)
    .update(await readFile(source))
    .digest('hex')
  const cache = join(tmpdir(), `csr-foundry-go-${process.getuid?.() ?? ''}`)
  const program = join(cache, hash.slice(0, 16))
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if (await exists(program)) return program
  const work = await mkdtemp(join(cache, 'build-'))
  try {
    const fresh = join(work, 'program')
    const { exitCode, stderr } = await runCommand('go', ['build', '-o', fresh, source])
    if (exitCode !== 0) throw new Error(`go build: ${stderr}`)
    // Two runs may build at once: each puts a whole file there.
    await rename(fresh, program)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return program
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
