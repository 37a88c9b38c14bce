import type { ReadyReader } from './check-csrs.ts'
import { csrReaders } from './readers/index.ts'

/** Starts the readers that are on this machine and says in one line which are not. */
export async function readyReaders(): Promise<ReadyReader[]> {
  const versions = await Promise.all(csrReaders.map((reader) => reader.version()))
  const missing = csrReaders.filter((_, i) => versions[i] === undefined)
  if (missing.length > 0) {
    const names = missing.map(
      ({ name, debianPackages }) => `${name} (Debian: ${debianPackages.join(' ')})`,
    )
    process.stdout.write(`Readers that are not on this machine: ${names.join(', ')}\n`)
  }
  const starting = csrReaders.map(async (reader, i) => {
    const version = versions[i]
    if (version === undefined) return []
    const tabled = version.startsWith(reader.debianVersion)
    return [{ reader, running: await reader.start(), tabled }]
  })
  return (await Promise.all(starting)).flat()
}

/** Ends them. */
export async function stopReaders(readers: readonly ReadyReader[]): Promise<void> {
  await Promise.all(readers.map(({ running }) => running[Symbol.asyncDispose]()))
}
